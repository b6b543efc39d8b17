#pragma once

#include "core/json.h"
#include "hooks/hook.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace slipway::hooks {

/// The estate as Ansible knows it. A host has the machine's variables, `ansible_host`, and
///   slipway_repo, slipway_dir, slipway_workspace, slipway_resource, slipway_labels.
///
/// What a state says was written by whoever may open a pull request, and Ansible runs with more rights than
/// that. So a text that looks like a template stands as {"__ansible_unsafe": text}, which Ansible takes
/// literally; and of the variables that steer Ansible itself only those are taken that can't run a command on
/// the machine it runs on: host, port, user, become, interpreter, shell type, network OS, and
/// `ansible_connection` when it leads to another machine. Names of groups are made of letters, digits and
/// "_".
class Inventory {
 public:
  explicit Inventory(const Estate& estate);
  /// With one more host, as it was: for a machine that is destroyed. One that is there under that name wins.
  void add(const StateVersion& version, const Machine& machine);

  /// As `ansible-inventory --list` prints it and an inventory script must.
  Json list() const;
  /// As `--host NAME` prints it; nothing when there is no such host.
  std::optional<Json> host(const std::string& name) const;
  /// As a file for `-i`: Ansible reads this other form from files.
  Json file() const;

  /// What was left out: a sentence each.
  const std::vector<std::string>& problems() const { return problems_; }

 private:
  std::map<std::string, Json> hosts_;                       // variables by name
  std::map<std::string, std::vector<std::string>> groups_;  // names of hosts
  std::vector<std::string> problems_;
};

}  // namespace slipway::hooks
