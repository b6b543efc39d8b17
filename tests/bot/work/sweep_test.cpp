#include "bot/work/jobs/sweep.h"

#include "store/sqlite_store.h"
#include "tests/bot/work/world.h"

#include <catch2/catch.hpp>
#include <fmt/format.h>

using namespace slipway;
using namespace slipway::work;

namespace {

/// More than one round of anything takes.
constexpr int kMany = 2'500;

void sweep(World& world) { Sweep(world.tools()).perform({}, Claim({}), {}); }

}  // namespace

TEST_CASE("a sweep forgets all that is old enough, however much it is") {
  World world;
  world.start([] { return store::open_sqlite(":memory:"); });
  for (int i = 0; i < kMany; ++i) {
    store::Delivery delivery;
    delivery.id = fmt::format("d-{}", i);
    delivery.forge = "github";
    delivery.received = world.clock.now();
    world.store().record(delivery, [](store::Recorded) {});
  }
  const ChangeId change{{{"github", "acme/infra"}, 1}, {"net", "default", {}}};
  world.store().transact([&](store::Transaction& rows) {
    for (const store::Received& received : rows.inbox.pending(kMany))
      rows.inbox.handled(received.sequence, "done");
    for (int i = 0; i < kMany; ++i) {
      const RunId run = fmt::format("{:016x}", i);
      rows.runs.start({run, change, "plan", {}, {}, world.clock.now(), {}, {}, {}});
      rows.runs.end(run, world.clock.now(), "ok", {});
      rows.runs.add_log(run, 0, Sealed::stored("text"));
    }
  });
  world.clock.time += kDeliveryIdsKept + std::chrono::hours(1);
  sweep(world);
  world.store().read([&](const store::Snapshot& rows) {
    CHECK(rows.inbox.list(0, 1).empty());
    CHECK(rows.runs.log(fmt::format("{:016x}", 0), 0).empty());
    CHECK(rows.runs.log(fmt::format("{:016x}", kMany - 1), 0).empty());
  });
}

TEST_CASE("old plans that share a blob lose it when the last of them is shed") {
  World world;
  world.start([] { return store::open_sqlite(":memory:"); });
  world.store().blobs().put("shared", Sealed::stored("lock file"));
  world.store().transact([&](store::Transaction& rows) {
    for (int i = 0; i < kMany; ++i) {
      PlanRecord record;
      record.id = fmt::format("{:08x}", i);
      record.change = {{{"github", "acme/infra"}, 1}, {"net", "default", {}}};
      record.materials = "shared";
      record.made = world.clock.now();
      rows.plans.add(record);
    }
  });
  world.clock.time += kPlansKept + std::chrono::hours(1);
  sweep(world);
  CHECK_FALSE(world.store().blobs().has("shared"));
}
