#include "core/failure.h"
#include "tests/store/contract.h"

#include <catch2/catch.hpp>

using namespace slipway;
using namespace slipway::store;

namespace {

/// Every member other than its default: one that is not stored would be missed.
PullRow full() {
  PullRow row;
  row.pull = {.id = kPull,
              .title = "Add two web servers — \"blue\"",
              .author = "alice",
              .url = "https://github.com/acme/infra/pull/12",
              .state = PullState::Merged,
              .draft = true,
              .from_fork = true,
              .author_may_write = true,
              .base_branch = "main",
              .base = "b1",
              .head_branch = "web",
              .head = "h1",
              .mergeable = false,
              .merge_commit = "m1",
              .merged_by = "bob",
              .merged_at = at(90),
              .updated = at(100),
              .reviews = {{"bob", true, "h1", at(80)}, {"carol", false, "h0", at(70)}}};
  row.planned_head = "h1";
  row.planned_base = "b0";
  row.merge_base = "b00";
  row.merge_tree = "t1";
  row.conflicts = {"net/main.tf"};
  row.notes = {"`old/` was removed"};
  row.waits_for = "a person with write access";
  row.admitted_head = "h1";
  row.settled = true;
  row.head_since = at(60);
  return row;
}

PullRow numbered(std::int64_t number, std::int64_t updated) {
  PullRow row;
  row.pull.id = {kRepo, number};
  row.pull.updated = at(updated);
  return row;
}

void save(const AnyStore& store, const PullRow& row) {
  store->transact([&](Transaction& in) { in.pulls.save(row); });
}

std::vector<std::int64_t> numbers(const std::vector<PullRow>& rows) {
  std::vector<std::int64_t> found;
  for (const PullRow& row : rows) found.push_back(row.pull.id.number);
  return found;
}

}  // namespace

TEST_CASE("a pull request is found as it was saved") {
  const AnyStore store = any_store();
  PullRow row = full();
  save(store, row);
  const auto found = store.read([](const Snapshot& in) { return in.pulls.find(kPull); });
  REQUIRE(found);
  row.revision = 1;
  CHECK(*found == row);
  CHECK_FALSE(store.read([](const Snapshot& in) { return in.pulls.find({kRepo, 13}); }));
  CHECK_FALSE(store.read([](const Snapshot& in) { return in.pulls.find({{"gitlab", "acme/infra"}, 12}); }));
}

TEST_CASE("of two who change one pull request the second is refused") {
  const AnyStore store = any_store();
  save(store, full());
  const auto seen = store.read([](const Snapshot& in) { return in.pulls.find(kPull); });
  PullRow mine = *seen;
  mine.merge_tree = "mine";
  save(store, mine);
  PullRow theirs = *seen;
  theirs.merge_tree = "theirs";
  CHECK_THROWS_WITH(save(store, theirs), Catch::Contains("github/acme/infra#12"));
  CHECK_THROWS_AS(save(store, full()), Failure);  // as new, though it is there
  const auto found = store.read([](const Snapshot& in) { return in.pulls.find(kPull); });
  CHECK(found->merge_tree == "mine");
  CHECK(found->revision == 2);
}

TEST_CASE("open pull requests of a repository come with the newest activity first") {
  const AnyStore store = any_store();
  PullRow settled = numbered(4, 400);
  settled.settled = true;
  PullRow elsewhere = numbered(5, 500);
  elsewhere.pull.id.repo.path = "acme/other";
  for (const PullRow& row : {numbered(1, 100), numbered(2, 300), numbered(3, 200), settled, elsewhere}) {
    save(store, row);
  }
  const auto open = [&] {
    return store.read([](const Snapshot& in) { return numbers(in.pulls.open(kRepo)); });
  };
  CHECK(open() == std::vector<std::int64_t>{2, 3, 1});
  auto two = store.read([](const Snapshot& in) { return in.pulls.find({kRepo, 2}); });
  two->settled = true;
  save(store, *two);
  CHECK(open() == std::vector<std::int64_t>{3, 1});
  CHECK(store.read([](const Snapshot& in) { return numbers(in.pulls.recent(3)); }) ==
        std::vector<std::int64_t>{5, 4, 2});
}

TEST_CASE("a repository's baseline is kept for each branch") {
  const AnyStore store = any_store();
  const auto save_repo = [&](const char* branch, const char* seen) {
    store->transact([&](Transaction& in) { in.pulls.save_repo({kRepo, branch, "base", seen, at(5)}); });
  };
  save_repo("main", "s1");
  save_repo("release", "s2");
  save_repo("main", "s3");
  store->transact([&](Transaction& in) {
    RepoRow row = *in.pulls.repo(kRepo, "main");
    row.accounted = "s2";
    row.counted_from = "s1";
    row.place = 7;
    in.pulls.save_repo(row);
  });
  const auto found = store.read([](const Snapshot& in) { return in.pulls.repo(kRepo, "main"); });
  REQUIRE(found);
  CHECK(found->accounted == "s2");
  CHECK(found->counted_from == "s1");
  CHECK(found->place == 7);
  CHECK(found->repo == kRepo);
  CHECK(found->branch == "main");
  CHECK(found->baseline == "base");
  CHECK(found->seen == "s3");
  CHECK(found->pulls_since == at(5));
  CHECK(store.read([](const Snapshot& in) { return in.pulls.repo(kRepo, "release"); })->seen == "s2");
  CHECK_FALSE(store.read([](const Snapshot& in) { return in.pulls.repo(kRepo, "dev"); }));
}
