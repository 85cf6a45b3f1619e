##! Detections of the bundle catalogue.
##!
##! Made by zopf from the bundle's TypeScript file: change it there. Thresholds,
##! windows and caps are options and can be set in local.zeek:
##!
##!     redef Catalogue::half_open_scan_threshold = 10;

@load ./half_open_scan
@load ./rejected_scan
@load ./connect_scan
@load ./any_state_scan
@load ./udp_scan
@load ./fin_scan
@load ./null_scan
@load ./ack_scan
@load ./syn_fin_scan
@load ./bogus_flags
@load ./address_scan
@load ./random_scan
@load ./icmp_sweep
@load ./slow_scan
@load ./syn_flood
@load ./ping_flood
@load ./smurf_attack
@load ./trace_route
@load ./darknet_touch
@load ./honeypot_touch
@load ./notice-log
