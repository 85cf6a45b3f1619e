##! Writes the notices of this bundle, and no others, to zopf_catalogue.log.
##!
##! One JSON object a line with typed columns: the addresses that OSSEC decodes
##! never come out of a text that an attacker can shape.

@load base/frameworks/notice

module Catalogue;

# The notices that OSSEC has rules for.
const decoded_notices: set[Notice::Type] = {
	Half_Open_Scan,
	Half_Open_Scan_Capacity,
	Rejected_Scan,
	Rejected_Scan_Capacity,
	Connect_Scan,
	Connect_Scan_Capacity,
	Any_State_Scan,
	Any_State_Scan_Capacity,
	Udp_Scan,
	Udp_Scan_Capacity,
	Fin_Scan,
	Fin_Scan_Capacity,
	Null_Scan,
	Null_Scan_Capacity,
	Ack_Scan,
	Ack_Scan_Capacity,
	Syn_Fin_Scan,
	Syn_Fin_Scan_Capacity,
	Bogus_Flags,
	Bogus_Flags_Capacity,
	Address_Scan,
	Address_Scan_Capacity,
	Random_Scan,
	Random_Scan_Capacity,
	Icmp_Sweep,
	Icmp_Sweep_Capacity,
	Slow_Scan,
	Slow_Scan_Capacity,
	Syn_Flood,
	Syn_Flood_Capacity,
	Ping_Flood,
	Ping_Flood_Capacity,
	Smurf_Attack,
	Smurf_Attack_Capacity,
	Trace_Route,
	Trace_Route_Capacity,
	Darknet_Touch,
	Darknet_Touch_Capacity,
	Honeypot_Touch,
	Honeypot_Touch_Capacity
};

hook decoded_only(rec: any, id: Log::ID, filter: Log::Filter)
	{
	local n = rec as Notice::Info;
	if ( n$note !in decoded_notices )
		break;
	}

# A site may have columns of its own put in front of every log's; not of this one's.
function no_columns(path: string)
	{
	}

# After the framework has made the stream, at priority 5. What a site may have
# set for all of its logs is set here, so that a line looks the same everywhere.
event zeek_init() &priority=-5
	{
	Log::add_filter(Notice::LOG, Log::Filter($name="zopf-catalogue", $path="zopf_catalogue",
	    $writer=Log::WRITER_ASCII, $policy=decoded_only, $ext_func=no_columns,
	    $include=set("ts", "note", "msg", "src", "dst"),
	    $field_name_map=table(["ts"] = "ts", ["note"] = "note", ["msg"] = "msg", ["src"] = "src", ["dst"] = "dst"),
	    $config=table(["use_json"] = "T", ["json_timestamps"] = "JSON::TS_EPOCH",
	        ["json_string_escape_policy"] = "JSON::STRING_ESCAPE_POLICY_HEX",
	        ["json_include_unset_fields"] = "F", ["gzip_level"] = "0", ["output_to_stdout"] = "F")));
	}
