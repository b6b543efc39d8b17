#include "bot/change/decide.h"
#include "bot/web/site.h"
#include "hooks/ansible_inventory.h"
#include "hooks/prometheus_targets.h"

#include <algorithm>
#include <map>
#include <set>

namespace slipway::web {
namespace {

constexpr std::size_t kMaxApplying = 10'000;

hooks::Estate recorded(const Site& site) {
  hooks::Estate estate;
  site.tools.store.read([&](const store::Snapshot& rows) { estate = rows.states.all_latest(); });
  return estate;
}

/// Monitoring must not alarm about what is being taken away: a machine leaves when the apply that destroys it
/// starts, and comes back if it survives.
hooks::Estate without_leaving(const Site& site, hooks::Estate estate) {
  std::map<std::string, std::set<std::string>> leaving;
  site.tools.store.read([&](const store::Snapshot& rows) {
    for (const Change& change : rows.changes.in({"Applying"}, kMaxApplying)) {
      const auto record = rows.plans.find(std::get<phase::Applying>(change.state).plan);
      if (!record) continue;
      leaving[change::state_key(change.id).text()].insert(record->destroys.begin(), record->destroys.end());
    }
  });
  for (StateVersion& version : estate) {
    const auto gone = leaving.find(version.key.text());
    if (gone == leaving.end()) continue;
    std::erase_if(version.machines,
                  [&](const Machine& machine) { return gone->second.contains(machine.resource); });
  }
  return estate;
}

std::string query(const net::Request& request, std::string_view name) {
  const auto found = request.query.find(name);
  return found == request.query.end() ? std::string() : found->second;
}

}  // namespace

void add_discovery(net::Router& router, const Site& site) {
  router.add("GET", "/sd/prometheus", guarded(site, "sd", [site](const net::Request& request) {
               const auto targets = hooks::prometheus_targets(
                   without_leaving(site, recorded(site)), {query(request, "job"), query(request, "repo")});
               return net::Response::json(200, targets.groups.dump());
             }));
  router.add("GET", "/inventory/ansible", guarded(site, "inventory", [site](const net::Request&) {
               return net::Response::json(200, hooks::Inventory(recorded(site)).list().pretty());
             }));
}

}  // namespace slipway::web
