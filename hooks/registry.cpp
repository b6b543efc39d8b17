#include "hooks/ansible.h"
#include "hooks/hook.h"
#include "hooks/http.h"
#include "hooks/prometheus_file_sd.h"

namespace slipway::hooks {

const std::vector<HookKind>& hook_kinds() {
  static const std::vector<HookKind> kinds = {
      {"prometheus_file_sd", "writes each state's targets as a file for Prometheus into `directory`",
       check_prometheus_file_sd, make_prometheus_file_sd},
      {"ansible", "runs the `playbook` in `directory` for machines created or changed; `on_destroy` another",
       check_ansible, make_ansible},
      {"http", "POSTs each machine's event to `url`, signed with `secret`", check_http, make_http},
  };
  return kinds;
}

}  // namespace slipway::hooks
