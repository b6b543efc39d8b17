#pragma once

#include "hooks/hook.h"

#include <memory>

namespace slipway::hooks {

/// Runs a playbook for each machine that was created, changed or replaced, limited to that machine, with an
/// inventory of the whole estate (ansible_inventory.h). `on_destroy` is another playbook, for machines that
/// were destroyed. Runs happen in the sandbox: of the server's disk they see `directory`, what `paths` names,
/// and the hook's own directory, which is their HOME and stays.
///
///   directory: /srv/ansible     with ansible.cfg, roles, group_vars
///   playbook: site.yml          relative to it, or a whole path below it
///   on_destroy: retire.yml
///   wait_reachable: 10m         until the machine answers at ansible_port (22); left out: no wait
///   timeout: 30m                for one run of a playbook
///   program: /usr/bin/ansible-playbook
///   environment: {ANSIBLE_VAULT_PASSWORD_FILE: /srv/ansible/.vault, TOKEN: {env: TOKEN}}
///   paths: {read: [/srv/keys], write: [/var/log/ansible]}
void check_ansible(const Settings& settings);
std::unique_ptr<Hook> make_ansible(const Settings& settings, const HookTools& tools);

}  // namespace slipway::hooks
