#include "templates/list_pairs.h"

#include "templates/text_diff.h"
#include "templates/value_text.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace slipway::templates {
namespace {

using List = PlanValue::List;
using Map = PlanValue::Map;

/// Comparing each removed element with each added one is for lists that people read.
constexpr std::size_t kMaxComparisons = 10'000;
constexpr double kAlike = 0.5;
constexpr double kSameName = 2;

/// Attributes that tell which thing an object is.
constexpr std::array<std::string_view, 6> kNames = {"name", "id", "key", "port", "address", "path"};

bool same_known(const Map& before, const Map& after, std::string_view name) {
  const auto b = before.find(name);
  const auto a = after.find(name);
  return b != before.end() && a != after.end() && !b->second.is_null() && unchanged(b->second, a->second);
}

/// How much of one is in the other: 0 nothing, 1 all, above that a name in common.
double likeness(const PlanValue& before, const PlanValue& after) {
  const Map* b = before.map();
  const Map* a = after.map();
  if (b == nullptr || a == nullptr) return 0;
  const auto size = static_cast<double>(std::max(b->size(), a->size()));
  const auto shared = static_cast<double>(std::count_if(
      b->begin(), b->end(), [&](const auto& member) { return same_known(*b, *a, member.first); }));
  const double part = size > 0 ? shared / size : 0;
  return shared_name(*b, *a).empty() ? part : kSameName + part;
}

/// Removed and added elements between two that stayed.
class Gap {
 public:
  Gap(const List& before, const List& after) : before_(before), after_(after) {}

  void add(const Edit& edit) {
    if (edit.kind == Edit::Kind::Remove) removed_.push_back(edit.before);
    if (edit.kind == Edit::Kind::Add) added_.push_back(edit.after);
  }

  void close(std::vector<ElementPair>& out) {
    std::vector<std::optional<std::size_t>> partner(removed_.size());
    std::vector<bool> taken(added_.size());
    if (removed_.size() == 1 && added_.size() == 1 && both_nested(removed_[0], added_[0])) {
      partner[0] = 0;
      taken[0] = true;
    } else if (removed_.size() * added_.size() <= kMaxComparisons) {
      pair_alike(partner, taken);
    }
    // In the new order; what was removed without a successor stands before what followed it.
    std::size_t told = 0;  // of the removed
    const auto tell_removed = [&](std::size_t end) {
      for (; told < end; ++told)
        if (!partner[told]) out.push_back({removed_[told], {}});
    };
    std::size_t last_pair = 0;  // one beyond it
    for (const auto& added : partner)
      if (added) last_pair = std::max(last_pair, *added + 1);
    for (std::size_t a = 0; a < added_.size(); ++a) {
      const auto r =
          std::find(partner.begin(), partner.end(), std::optional<std::size_t>(a)) - partner.begin();
      const auto place = static_cast<std::size_t>(r);
      const bool paired = place < partner.size();
      if (paired) tell_removed(place);
      if (a >= last_pair) tell_removed(removed_.size());
      if (paired) {
        out.push_back({removed_[place], added_[a]});
      } else {
        out.push_back({{}, added_[a]});
      }
    }
    tell_removed(removed_.size());
    removed_.clear();
    added_.clear();
  }

 private:
  bool both_nested(std::size_t before, std::size_t after) const {
    const PlanValue& b = before_[before];
    const PlanValue& a = after_[after];
    return (b.map() != nullptr && a.map() != nullptr) || (b.list() != nullptr && a.list() != nullptr);
  }

  void pair_alike(std::vector<std::optional<std::size_t>>& partner, std::vector<bool>& taken) const {
    struct Candidate {
      double likeness;
      std::size_t removed;
      std::size_t added;
    };
    std::vector<Candidate> candidates;
    for (std::size_t r = 0; r < removed_.size(); ++r) {
      for (std::size_t a = 0; a < added_.size(); ++a) {
        const double found = likeness(before_[removed_[r]], after_[added_[a]]);
        if (found >= kAlike) candidates.push_back({found, r, a});
      }
    }
    std::stable_sort(candidates.begin(), candidates.end(),
                     [](const Candidate& a, const Candidate& b) { return a.likeness > b.likeness; });
    for (const Candidate& candidate : candidates) {
      if (partner[candidate.removed] || taken[candidate.added]) continue;
      partner[candidate.removed] = candidate.added;
      taken[candidate.added] = true;
    }
  }

  const List& before_;
  const List& after_;
  std::vector<std::size_t> removed_;
  std::vector<std::size_t> added_;
};

std::vector<ElementPair> by_place(std::size_t before, std::size_t after) {
  std::vector<ElementPair> out;
  for (std::size_t i = 0; i < std::max(before, after); ++i) {
    ElementPair pair;
    if (i < before) pair.before = i;
    if (i < after) pair.after = i;
    out.push_back(pair);
  }
  return out;
}

}  // namespace

std::string_view shared_name(const Map& before, const Map& after) {
  const auto* const found = std::find_if(
      kNames.begin(), kNames.end(), [&](std::string_view name) { return same_known(before, after, name); });
  return found == kNames.end() ? std::string_view() : *found;
}

std::vector<ElementPair> paired_elements(const List& before, const List& after) {
  if (std::any_of(before.begin(), before.end(), holds_sensitive) ||
      std::any_of(after.begin(), after.end(), holds_sensitive))
    return by_place(before.size(), after.size());
  std::vector<ElementPair> out;
  Gap gap(before, after);
  const auto same = [&](std::size_t i, std::size_t j) { return unchanged(before[i], after[j]); };
  for (const Edit& edit : shortest_edits(before.size(), after.size(), same)) {
    if (edit.kind == Edit::Kind::Keep) {
      gap.close(out);
      out.push_back({edit.before, edit.after});
    } else {
      gap.add(edit);
    }
  }
  gap.close(out);
  return out;
}

}  // namespace slipway::templates
