#include "bot/web/site.h"
#include "bot/work/estate.h"
#include "hooks/ansible_inventory.h"
#include "hooks/prometheus_targets.h"

namespace slipway::web {
namespace {

hooks::Estate estate(const Site& site, hooks::Estate (*estate_of)(const store::Snapshot&)) {
  hooks::Estate found;
  site.tools.store.read([&](const store::Snapshot& rows) { found = estate_of(rows); });
  return found;
}

std::string query(const net::Request& request, std::string_view name) {
  const auto found = request.query.find(name);
  return found == request.query.end() ? std::string() : found->second;
}

}  // namespace

void add_discovery(net::Router& router, const Site& site) {
  router.add("GET", "/sd/prometheus", guarded(site, "sd", [site](const net::Request& request) {
               const auto targets = hooks::prometheus_targets(
                   estate(site, work::monitored_estate), {query(request, "job"), query(request, "repo")});
               return net::Response::json(200, targets.groups.dump());
             }));
  router.add("GET", "/inventory/ansible", guarded(site, "inventory", [site](const net::Request&) {
               return net::Response::json(
                   200, hooks::Inventory(estate(site, work::recorded_estate)).list().pretty());
             }));
}

}  // namespace slipway::web
