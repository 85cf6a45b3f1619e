##! Detections of the bundle watch.
##!
##! Made by zopf from the bundle's TypeScript file: change it there. Thresholds,
##! windows and caps are options and can be set in local.zeek:
##!
##!     redef Watch::port_scan_s0_detected_threshold = 10;

@load ./port_scan_s0_detected
@load ./notice-log
