#include "core/failure.h"
#include "store/sql/migrate.h"
#include "store/sqlite/connection.h"
#include "tests/store/contract.h"
#include "tests/store/failing_connection.h"
#include "tests/store/temporary_dir.h"

#include <catch2/catch.hpp>

using namespace slipway;
using namespace slipway::store;

namespace {

constexpr Migration kFirst{1, "first", "CREATE TABLE one (n INTEGER) STRICT; INSERT INTO one VALUES (1)"};
constexpr Migration kSecond{2, "second", "CREATE TABLE two (n INTEGER) STRICT; UPDATE one SET n = n + 1"};
constexpr Migration kThird{3, "third", "UPDATE one SET n = n * 10"};
constexpr Migration kBroken{3, "broken", "UPDATE one SET n = n * 10; UPDATE nothing SET n = 1"};

std::int64_t n(Connection& connection) {
  return connection.one("SELECT n FROM one", {}, [](const Row& row) { return row.integer(0); }).value();
}

SqliteConnection in_memory() { return {":memory:", {}}; }

void set_version(const std::string& database, std::int64_t version) {
  SqliteConnection(database, {}).set_schema_version(version);
}

}  // namespace

TEST_CASE("the migrations are numbered without a gap") {
  std::int64_t expected = 0;
  for (const Migration& migration : migrations()) CHECK(migration.number == ++expected);
  CHECK(expected > 0);
}

TEST_CASE("a new database gets all migrations, in order") {
  SqliteConnection connection = in_memory();
  const Migration all[] = {kFirst, kSecond, kThird};
  migrate(connection, all);
  CHECK(n(connection) == 20);
  CHECK(connection.schema_version() == 3);
  migrate(connection, all);
  CHECK(n(connection) == 20);
}

TEST_CASE("an older database gets what is new, and keeps what it holds") {
  SqliteConnection connection = in_memory();
  const Migration before[] = {kFirst};
  migrate(connection, before);
  connection.write("UPDATE one SET n = 5", {});
  const Migration after[] = {kFirst, kSecond, kThird};
  migrate(connection, after);
  CHECK(n(connection) == 60);
}

TEST_CASE("a migration that fails leaves the database as it was") {
  SqliteConnection connection = in_memory();
  const Migration before[] = {kFirst};
  migrate(connection, before);
  const Migration after[] = {kFirst, kSecond, kBroken};
  CHECK_THROWS_AS(migrate(connection, after), Failure);
  CHECK(connection.schema_version() == 1);
  CHECK(n(connection) == 1);
  const Migration mended[] = {kFirst, kSecond, kThird};
  migrate(connection, mended);
  CHECK(n(connection) == 20);
}

TEST_CASE("a database that a newer Slipway wrote is refused, and both versions are named") {
  const TemporaryDir dir;
  const auto newest = migrations().back().number;
  open_sqlite(dir / "data");
  set_version(dir / "data/slipway.db", newest + 7);
  for (const Access access : {Access::Own, Access::Visit, Access::ReadOnly}) {
    try {
      open_sqlite(dir / "data", access);
      FAIL("it was opened");
    } catch (const Failure& failure) {
      CHECK_THAT(failure.what(), Catch::Contains("schema " + std::to_string(newest + 7)));
      CHECK_THAT(failure.what(), Catch::Contains("up to " + std::to_string(newest)));
      CHECK(failure.retry() == Retry::Never);
    }
  }
}

TEST_CASE("a command doesn't migrate a database, it says who does") {
  const TemporaryDir dir;
  open_sqlite(dir / "data");
  set_version(dir / "data/slipway.db", 0);
  for (const Access access : {Access::Visit, Access::ReadOnly}) {
    CHECK_THROWS_WITH(open_sqlite(dir / "data", access), Catch::Contains("start its server once"));
  }
}
