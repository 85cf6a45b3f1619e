##! Detections of the bundle scanning.
##!
##! Made by zopf from the bundle's TypeScript file: change it there. Thresholds,
##! windows and caps are options and can be set in local.zeek:
##!
##!     redef Scanning::port_scan_detected_threshold = 40;

@load ./port_scan_detected
@load ./notice-log
