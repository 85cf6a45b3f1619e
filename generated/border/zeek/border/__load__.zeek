##! Detections of the bundle border.
##!
##! Made by zopf from the bundle's TypeScript file: change it there. Thresholds,
##! windows and caps are options and can be set in local.zeek:
##!
##!     redef Border::probes_threshold = 10;

@load ./probes
@load ./closed_ports
@load ./notice-log
