# Denies plans that destroy a resource, also where it would be made anew.
#
#   use: no-destroy
#   with:
#     types: [hci_instance, "*_database"]   # "*" stands for any characters; left out: every type
#     except: ["module.sandbox.*"]          # addresses that may go
#
# Deposed objects, which a replacement has left behind, may always go.

def regex: "^" + (gsub("(?<c>[.\\[\\]])"; "\\\(.c)") | gsub("[*]"; ".*")) + "$";
def matching($patterns): [.[] | select(. as $text | any($patterns[] | regex; . as $regex | $text | test($regex)))];

[.resource_changes[]? | select((.change.actions | index("delete")) and (.deposed // "") == "")]
| (map(.type) | unique | matching($with.types // ["*"])) as $types
| (map(.address) | matching($with.except // [])) as $except
| .[]
| select((.type | IN($types[])) and (.address | IN($except[]) | not))
| if .change.actions | index("create") then "\(.address) would be destroyed and made anew"
  else "\(.address) would be destroyed" end
