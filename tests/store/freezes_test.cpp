#include "tests/store/contract.h"

#include <catch2/catch.hpp>

using namespace slipway;
using namespace slipway::store;

namespace {

const Freeze kRepoFrozen{{kRepo}, "the year is being closed", "bob", false, at(10), at(100)};
const Freeze kAllFrozen{{}, "the data center moves", "root", true, at(20), {}};
const Freeze kProjectFrozen{{kRepo, "prod/web", "blue", "web"}, "moved by hand", "alice", false, at(30), {}};

std::vector<Freeze> all(const AnyStore& store) {
  return store.read([](const Snapshot& rows) { return rows.freezes.all(); });
}

void save(const AnyStore& store, const Freeze& freeze) {
  store->transact([&](Transaction& rows) { rows.freezes.save(freeze); });
}

}  // namespace

TEST_CASE("freezes are kept whole, the widest first") {
  const AnyStore store = any_store();
  CHECK(all(store).empty());
  save(store, kProjectFrozen);
  save(store, kRepoFrozen);
  save(store, kAllFrozen);
  CHECK(all(store) == std::vector<Freeze>{kAllFrozen, kRepoFrozen, kProjectFrozen});
}

TEST_CASE("a freeze of the same scope replaces the one before") {
  const AnyStore store = any_store();
  save(store, kRepoFrozen);
  Freeze longer = kRepoFrozen;
  longer.until.reset();
  longer.reason = "it takes longer";
  longer.by = "carol";
  longer.by_operator = true;
  longer.since = at(11);
  save(store, longer);
  CHECK(all(store) == std::vector<Freeze>{longer});
}

TEST_CASE("a freeze is ended by its exact scope") {
  const AnyStore store = any_store();
  save(store, kAllFrozen);
  save(store, kProjectFrozen);
  const auto end = [&](const FreezeScope& scope) {
    return store.write([&](Transaction& rows) { return rows.freezes.end(scope); });
  };
  CHECK_FALSE(end({kRepo}));
  CHECK_FALSE(end({kRepo, "prod/web"}));
  CHECK(end(kProjectFrozen.scope));
  CHECK_FALSE(end(kProjectFrozen.scope));
  CHECK(all(store) == std::vector<Freeze>{kAllFrozen});
}

TEST_CASE("freezes that ended by themselves are forgotten, and no others") {
  const AnyStore store = any_store();
  save(store, kAllFrozen);
  save(store, kRepoFrozen);
  const auto forget = [&](Time now) {
    return store.write([&](Transaction& rows) { return rows.freezes.forget(now); });
  };
  CHECK(forget(at(99)) == 0);
  CHECK(forget(at(100)) == 1);
  CHECK(all(store) == std::vector<Freeze>{kAllFrozen});
}
