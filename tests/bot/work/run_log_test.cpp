#include "bot/work/run_log.h"

#include "store/sqlite_store.h"
#include "tests/bot/work/world.h"

#include <catch2/catch.hpp>

#include <memory>

using namespace slipway;
using namespace slipway::work;

namespace {

const RunId kRun = "0123456789abcdef";

std::unique_ptr<StoredLog> life(World& world) {
  const ChangeId change{{{"github", "acme/infra"}, 1}, {"net", "default", {}}};
  return std::make_unique<StoredLog>(world.tools(),
                                     store::RunRow{kRun, change, "apply", {}, {}, {}, {}, {}, {}});
}

std::string whole(World& world) {
  std::string out;
  world.store().read([&](const store::Snapshot& rows) {
    for (const Sealed& part : rows.runs.log(kRun, 0)) out += open_log(world.tools().keyring, part);
  });
  return out;
}

}  // namespace

TEST_CASE("an apply's log that is taken up again holds everything once") {
  World world;
  world.start([] { return store::open_sqlite(":memory:"); });
  {
    const auto first = life(world);
    first->text("init\n");
    first->told_anew();
    first->text("creating a\n");
    first->flush();
  }
  for (int i = 0; i < 2; ++i) {
    const auto next = life(world);
    next->told_anew();
    next->text("creating");
    next->text(" a\ncreating b");
    next->text("\n");
  }
  CHECK(whole(world) == "init\ncreating a\ncreating b\n");
}

TEST_CASE("a try that begins anew is logged behind the one that came to nothing") {
  World world;
  world.start([] { return store::open_sqlite(":memory:"); });
  {
    const auto first = life(world);
    first->text("init\n");
    first->told_anew();
    first->text("no room\n");
  }
  {
    const auto second = life(world);
    second->text("init again\n");
    second->told_anew();
    second->text("creating a\n");
  }
  {
    const auto third = life(world);
    third->told_anew();
    third->text("creating a\ncreating b\n");
  }
  CHECK(whole(world) == "init\nno room\ninit again\ncreating a\ncreating b\n");
}

TEST_CASE("what a log keeps is bounded over all the lives of its run") {
  World world;
  world.start([] { return store::open_sqlite(":memory:"); });
  const std::string half(kMaxLogBytes / 2 + 10, 'x');
  for (int i = 0; i < 3; ++i) life(world)->text(half);
  CHECK(whole(world).size() == kMaxLogBytes);
}
