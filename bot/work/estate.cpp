#include "bot/work/estate.h"

#include "bot/change/decide.h"

#include <map>
#include <set>

namespace slipway::work {
namespace {

constexpr std::size_t kMaxApplying = 10'000;

/// By state, the addresses that applies are about to destroy or replace.
std::map<std::string, std::set<std::string>> leaving(const store::Snapshot& rows) {
  std::map<std::string, std::set<std::string>> out;
  for (const Change& change : rows.changes.in({"Applying"}, kMaxApplying)) {
    const auto record = rows.plans.find(std::get<phase::Applying>(change.state).plan);
    if (record && !record->destroys.empty())
      out[change::state_key(change.id).text()].insert(record->destroys.begin(), record->destroys.end());
  }
  return out;
}

}  // namespace

hooks::Estate recorded_estate(const store::Snapshot& rows) { return rows.states.all_latest(); }

hooks::Estate monitored_estate(const store::Snapshot& rows) {
  hooks::Estate estate = recorded_estate(rows);
  const auto gone = leaving(rows);
  for (StateVersion& version : estate) {
    const auto of_state = gone.find(version.key.text());
    if (of_state == gone.end()) continue;
    std::erase_if(version.machines,
                  [&](const Machine& machine) { return of_state->second.contains(machine.resource); });
  }
  return estate;
}

hooks::Estate estate_for(const hooks::Hook& hook, const store::Snapshot& rows) {
  return hook.monitors() ? monitored_estate(rows) : recorded_estate(rows);
}

}  // namespace slipway::work
