##! Detections of the bundle network.
##!
##! Made by zopf from the bundle's TypeScript file: change it there. Thresholds,
##! windows and caps are options and can be set in local.zeek:
##!
##!     redef Network::port_scan_threshold = 10;

@load ./port_scan
@load ./notice-log
