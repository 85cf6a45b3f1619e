##! Detections of the bundle rows.
##!
##! Made by zopf from the bundle's TypeScript file: change it there. Thresholds,
##! windows and caps are options and can be set in local.zeek:
##!
##!     redef Rows::ssh_failures_threshold = 6;

@load ./ssh_failures
@load ./ftp_failures
@load ./many_notices
@load ./zopf-turned
@load ./notice-log
