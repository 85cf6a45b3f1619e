##! Detections of the bundle packets.
##!
##! Made by zopf from the bundle's TypeScript file: change it there. Thresholds,
##! windows and caps are options and can be set in local.zeek:
##!
##!     redef Packets::fin_packets_threshold = 10;

@load ./fin_packets
@load ./null_packets
@load ./xmas_packets
@load ./notice-log
