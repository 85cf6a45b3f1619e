##! Writes the notices of this bundle, and no others, to zopf_rows.log.
##!
##! One JSON object a line with typed columns: the addresses that OSSEC decodes
##! never come out of a text that an attacker can shape.

@load base/frameworks/notice

module Rows;

# The notices that OSSEC has rules for.
const decoded_notices: set[Notice::Type] = {
	Ssh_Failures,
	Ftp_Failures,
	Many_Notices
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
	Log::add_filter(Notice::LOG, Log::Filter($name="zopf-rows", $path="zopf_rows",
	    $writer=Log::WRITER_ASCII, $policy=decoded_only, $ext_func=no_columns,
	    $include=set("ts", "note", "msg", "src", "dst"),
	    $field_name_map=table(["ts"] = "ts", ["note"] = "note", ["msg"] = "msg", ["src"] = "src", ["dst"] = "dst"),
	    $config=table(["use_json"] = "T", ["json_timestamps"] = "JSON::TS_EPOCH",
	        ["json_string_escape_policy"] = "JSON::STRING_ESCAPE_POLICY_HEX",
	        ["json_include_unset_fields"] = "F", ["gzip_level"] = "0", ["output_to_stdout"] = "F")));
	}
