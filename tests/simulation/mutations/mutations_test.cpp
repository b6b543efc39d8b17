#include "tests/simulation/mutations/mutations.h"

#include "tests/simulation/story.h"

#include <catch2/catch.hpp>

#include <optional>

using namespace slipway::simulation;

namespace {

constexpr std::uint64_t kSeeds = 10'000;  // in which a broken rule must be noticed

struct Tampered {
  Planted rule;
  Tampering with;
};

/// Rules that live in the Store's SQL.
const std::vector<Tampered> kTampered = {
    {{"a worker that comes back from the dead ends its job", 7},
     {{"DELETE FROM jobs WHERE id = $1 AND fence = $2", "DELETE FROM jobs WHERE id = $1 AND fence >= $2"}}},
    {{"two jobs of a lane run at once", 1},
     {{"CREATE UNIQUE INDEX jobs_leaders", "CREATE INDEX jobs_leaders"},
      {"CASE WHEN EXISTS (SELECT 1 FROM jobs WHERE lane = $2 AND leads = 1) THEN 0 ELSE 1 END",
       "CASE WHEN $2 = '' THEN 0 ELSE 1 END"}}},
    {{"superseded work is dropped together with what runs", 17},
     {{"kind = $2 AND running = 0 AND attempts = 0", "kind = $2 AND attempts >= 0"}}},
};

/// Stories change with the product: where the known one does not notice any more, another has to.
std::optional<Told> noticed(const Planted& rule, const Tampering& tampering) {
  Told told = tell(rule.seed, false, tampering);
  for (std::uint64_t seed = 1; told.good && seed <= kSeeds; ++seed) told = tell(seed, false, tampering);
  if (told.good) return {};
  if (told.seed != rule.seed) WARN(rule.name << ": is noticed by seed " << told.seed << " now");
  return told;
}

}  // namespace

TEST_CASE("each rule that is broken in a source is noticed by some story") {
  for (const std::string& mutation : unplantable()) FAIL_CHECK(mutation << ": write it anew in plant");
  for (const Planted& rule : planted()) {
    INFO(rule.name);
    break_rule(rule.name);
    CHECK(noticed(rule, {}));
  }
  break_rule({});
}

TEST_CASE("each rule that is broken in the Store is noticed by some story") {
  for (const auto& [rule, with] : kTampered) {
    INFO(rule.name);
    CHECK(noticed(rule, with));
  }
}
