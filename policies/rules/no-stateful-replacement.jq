# Denies plans that replace what holds data: the new one would be empty.
#
#   use: no-stateful-replacement
#   with:
#     types: ["*_database*", hci_disk]   # left out: the names that databases, disks, volumes and buckets usually have
#
# The message tells which attribute forces the replacement.

def regex: "^" + gsub("[*]"; ".*") + "$";
def matching($patterns): [.[] | select(. as $text | any($patterns[] | regex; . as $regex | $text | test($regex)))];
def usual: ["*_database*", "*_db_*", "*_db", "*_sql_*", "*_rds_*", "*_disk*", "*_volume*", "*_bucket*", "*_storage*"];
def path: map(if type == "number" then "[\(.)]" else ".\(.)" end) | join("") | ltrimstr(".");

[.resource_changes[]? | select((.change.actions | index("delete")) and (.change.actions | index("create")))]
| (map(.type) | unique | matching($with.types // usual)) as $types
| .[]
| select(.type | IN($types[]))
| "\(.address) would be destroyed and made anew, without its data"
  + if (.change.replace_paths // []) == [] then ""
    else ": \(.change.replace_paths | map(path) | join(", ")) can't be changed in place" end
