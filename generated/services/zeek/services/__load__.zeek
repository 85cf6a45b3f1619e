##! Detections of the bundle services.
##!
##! Made by zopf from the bundle's TypeScript file: change it there. Thresholds,
##! windows and caps are options and can be set in local.zeek:
##!
##!     redef Services::ssh_guessing_threshold = 60;

@load ./ssh_guessing
@load ./ssh_hammering
@load ./ftp_guessing
@load ./http_guessing
@load ./http_paths
@load ./dns_names
@load ./dns_bytes
@load ./dns_entropy
@load ./small_fragments
@load ./zopf-functions
@load ./zopf-turned
@load ./notice-log
