#include "state/living.h"
#include "state/state.h"

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

namespace slipway::state {
namespace {

using Identity = std::pair<std::string_view, std::string_view>;  // type and id
using ByAddress = std::map<std::string_view, const Instance*>;

Identity identity(const Instance& instance) { return {instance.type, instance.id}; }

/// Whether what stands at one address in both states is one thing. Without an id the address is all there is
/// to tell.
bool same(const Instance& before, const Instance& after) {
  if (before.type != after.type) return false;
  return before.id.empty() || after.id.empty() || before.id == after.id;
}

ByAddress by_address(const State& state) {
  ByAddress out;
  for (const Instance* instance : living(state)) out.emplace(instance->address, instance);
  return out;
}

const std::string& place_of(const InstanceDifference& difference) {
  return difference.after ? difference.after->address : difference.before->address;
}

/// Takes from both sides what stayed in its place; says what changed of it.
void match_places(ByAddress& before, ByAddress& after, std::vector<InstanceDifference>& out) {
  for (auto it = before.begin(); it != before.end();) {
    const auto now = after.find(it->first);
    if (now == after.end() || !same(*it->second, *now->second)) {
      ++it;
      continue;
    }
    if (it->second->digest != now->second->digest) {
      out.push_back({InstanceEvent::Changed, *it->second, *now->second});
    }
    after.erase(now);
    it = before.erase(it);
  }
}

/// Takes from both sides what appears under another address. Ids that several share are matched in order.
void match_identities(ByAddress& before, ByAddress& after, std::vector<InstanceDifference>& out) {
  std::multimap<Identity, ByAddress::iterator> arrived;
  for (auto it = after.begin(); it != after.end(); ++it) {
    if (!it->second->id.empty()) arrived.emplace(identity(*it->second), it);
  }
  for (auto it = before.begin(); it != before.end();) {
    const auto found = arrived.lower_bound(identity(*it->second));
    if (it->second->id.empty() || found == arrived.end() || found->first != identity(*it->second)) {
      ++it;
      continue;
    }
    out.push_back({InstanceEvent::Moved, *it->second, *found->second->second});
    after.erase(found->second);
    arrived.erase(found);
    it = before.erase(it);
  }
}

}  // namespace

std::vector<InstanceDifference> difference(const State& before, const State& after) {
  ByAddress gone = by_address(before);
  ByAddress come = by_address(after);
  std::vector<InstanceDifference> out;
  // Moves are found before replacements: when web[1] has become web[0], the old web[0] was destroyed, not
  // replaced.
  match_places(gone, come, out);
  match_identities(gone, come, out);
  for (const auto& [address, instance] : gone) {
    const auto now = come.find(address);
    if (now == come.end()) {
      out.push_back({InstanceEvent::Destroyed, *instance, {}});
    } else {
      out.push_back({InstanceEvent::Replaced, *instance, *now->second});
      come.erase(now);
    }
  }
  for (const auto& [address, instance] : come) out.push_back({InstanceEvent::Created, {}, *instance});

  // One address can be left by one instance and taken by another: what left is told first.
  std::stable_sort(out.begin(), out.end(), [](const InstanceDifference& a, const InstanceDifference& b) {
    return std::tuple(std::string_view(place_of(a)), a.after.has_value()) <
           std::tuple(std::string_view(place_of(b)), b.after.has_value());
  });
  return out;
}

}  // namespace slipway::state
