##! Detections of the bundle every.
##!
##! Made by zopf from the bundle's TypeScript file: change it there. Thresholds,
##! windows and caps are options and can be set in local.zeek:
##!
##!     redef Every::distinct_sliding_threshold = 20;

@load ./distinct_sliding
@load ./distinct_fixed
@load ./distinct_writeexpire
@load ./distinct_readexpire
@load ./events_sliding
@load ./events_fixed
@load ./events_writeexpire
@load ./events_readexpire
@load ./sum_sliding
@load ./sum_fixed
@load ./sum_writeexpire
@load ./sum_readexpire
@load ./notice-log
