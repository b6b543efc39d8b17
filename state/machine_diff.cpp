#include "state/state.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <tuple>

namespace slipway::state {
namespace {

/// What became of addresses between two states.
class Fates {
 public:
  explicit Fates(const std::vector<InstanceDifference>& instances) {
    for (const InstanceDifference& instance : instances) {
      if (instance.what == InstanceEvent::Moved) moved_[instance.before->address] = instance.after->address;
      if (instance.what == InstanceEvent::Destroyed) destroyed_.insert(instance.before->address);
      if (instance.what == InstanceEvent::Replaced) replaced_.insert(instance.before->address);
    }
  }

  /// Where the machine at `address` is now; empty when it is gone, whatever has taken its place.
  std::string now(const std::string& address) const {
    const auto found = moved_.find(address);
    if (found != moved_.end()) return found->second;
    return destroyed_.contains(address) ? std::string() : address;
  }
  bool replaced(const std::string& address) const { return replaced_.contains(address); }

 private:
  std::map<std::string, std::string> moved_;
  std::set<std::string> destroyed_;
  std::set<std::string> replaced_;
};

const Machine& newest(const MachineDifference& difference) {
  return difference.after ? *difference.after : *difference.before;
}

}  // namespace

void keep_failed(Mapped& now, const std::vector<Machine>& before,
                 const std::vector<InstanceDifference>& instances) {
  const Fates fates(instances);
  for (const Machine& machine : before) {
    const std::string address = fates.now(machine.resource);
    if (address.empty() || fates.replaced(machine.resource)) continue;
    if (!std::binary_search(now.failed.begin(), now.failed.end(), address)) continue;
    now.machines.push_back(machine);
    now.machines.back().resource = address;
  }
  std::sort(now.machines.begin(), now.machines.end(), [](const Machine& a, const Machine& b) {
    return std::tie(a.name, a.resource) < std::tie(b.name, b.resource);
  });
}

std::vector<MachineDifference> machine_differences(const std::vector<Machine>& before,
                                                   const std::vector<Machine>& after,
                                                   const std::vector<InstanceDifference>& instances) {
  const Fates fates(instances);
  std::map<std::string_view, const Machine*> come;
  for (const Machine& machine : after) come.emplace(machine.resource, &machine);

  std::vector<MachineDifference> out;
  for (const Machine& machine : before) {
    const auto found = come.find(fates.now(machine.resource));
    if (found == come.end()) {
      out.push_back({MachineEvent::Destroyed, machine, {}});
      continue;
    }
    const Machine& now = *found->second;
    come.erase(found);
    Machine at_its_new_place = machine;
    at_its_new_place.resource = now.resource;
    if (fates.replaced(machine.resource)) {
      out.push_back({MachineEvent::Replaced, machine, now});
    } else if (at_its_new_place != now) {
      out.push_back({MachineEvent::Changed, machine, now});
    }
  }
  for (const auto& [address, machine] : come) out.push_back({MachineEvent::Created, {}, *machine});

  std::sort(out.begin(), out.end(), [](const MachineDifference& a, const MachineDifference& b) {
    return std::tuple(a.after.has_value(), std::string_view(newest(a).resource)) <
           std::tuple(b.after.has_value(), std::string_view(newest(b).resource));
  });
  return out;
}

}  // namespace slipway::state
