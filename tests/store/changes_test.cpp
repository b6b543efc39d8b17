#include "core/failure.h"
#include "tests/store/contract.h"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace slipway;
using namespace slipway::store;

namespace {

Change change(std::int64_t pull, std::string dir, ChangeState state = phase::Waiting{}) {
  Change made;
  made.id = {{kRepo, pull}, {std::move(dir), "default", ""}};
  made.state = std::move(state);
  made.updated = at(pull);
  return made;
}

phase::Trigger trigger(std::int64_t order) {
  phase::Trigger asked;
  asked.order = order;
  return asked;
}

phase::Applying applying(std::int64_t order = 0) {
  phase::Applying state;
  state.trigger = trigger(order);
  return state;
}

phase::Done done(std::int64_t order) {
  phase::Done state;
  state.applied.trigger = trigger(order);
  return state;
}

Diagnostic diagnostic(std::string summary) {
  Diagnostic made;
  made.error = false;
  made.summary = std::move(summary);
  return made;
}

void save(const AnyStore& store, const Change& saved) {
  store->transact([&](Transaction& in) { in.changes.save(saved); });
}

std::vector<std::int64_t> pulls(const std::vector<Change>& changes) {
  std::vector<std::int64_t> numbers;
  for (const Change& found : changes) numbers.push_back(found.id.pull.number);
  return numbers;
}

using Numbers = std::vector<std::int64_t>;

}  // namespace

TEST_CASE("a change is found as it was saved") {
  const AnyStore store = any_store();
  Change saved;
  saved.id = {kPull, {"prod/web", "blue", "web"}};
  saved.state = phase::ApplyFailed{.trigger = trigger(7),
                                   .plan = "7f3a",
                                   .run = "r1",
                                   .done = 1,
                                   .total = 3,
                                   .error = "timeout",
                                   .diagnostics = {diagnostic("no route")},
                                   .left = "8b4c"};
  saved.head = "h1";
  saved.base = "b1";
  saved.merge_tree = "t1";
  saved.shown = "7f3a";
  saved.warnings = {diagnostic("two names for one directory")};
  saved.removed = true;
  saved.cannot_apply = "no backend is declared";
  saved.applied_by = "bob";
  saved.files_digest = "d1";
  saved.depends_on = {{"prod/net", "blue", "net"}, {"prod/dns", "default", {}}};
  saved.updated = at(9);
  save(store, saved);
  const auto found = store.read([&](const Snapshot& in) { return in.changes.find(saved.id); });
  REQUIRE(found);
  CHECK(found->id == saved.id);
  CHECK(found->state == saved.state);
  CHECK(found->head == "h1");
  CHECK(found->base == "b1");
  CHECK(found->merge_tree == "t1");
  CHECK(found->shown == "7f3a");
  CHECK(found->warnings == saved.warnings);
  CHECK(found->removed);
  CHECK(found->cannot_apply == "no backend is declared");
  CHECK(found->applied_by == "bob");
  CHECK(found->files_digest == "d1");
  CHECK(found->depends_on == saved.depends_on);
  CHECK(found->updated == at(9));
  CHECK(found->revision == 1);
}

TEST_CASE("of two who change one change the second is refused") {
  const AnyStore store = any_store();
  save(store, change(1, "a"));
  Change mine = *store.read([](const Snapshot& in) { return in.changes.find(change(1, "a").id); });
  Change theirs = mine;
  mine.state = phase::Planning{"mine"};
  save(store, mine);
  theirs.state = phase::Planning{"theirs"};
  CHECK_THROWS_AS(save(store, theirs), Failure);
  CHECK_THROWS_AS(save(store, change(1, "a")), Failure);  // as new, though it is there
  theirs.revision = 9;
  CHECK_THROWS_AS(save(store, theirs), Failure);
  const auto found = store.read([](const Snapshot& in) { return in.changes.find(change(1, "a").id); });
  CHECK(found->state == ChangeState(phase::Planning{"mine"}));
  CHECK(found->revision == 2);
}

TEST_CASE("a pull request's changes come in the order of their projects, and can be dropped") {
  const AnyStore store = any_store();
  for (const char* dir : {"c", "a", "b"}) save(store, change(1, dir));
  save(store, change(2, "a"));
  const auto dirs = [&] {
    std::string all;
    for (const Change& found :
         store.read([](const Snapshot& in) { return in.changes.of_pull({kRepo, 1}); })) {
      all += found.id.project.dir;
    }
    return all;
  };
  CHECK(dirs() == "abc");
  store->transact([](Transaction& in) { in.changes.drop(change(1, "b").id); });
  CHECK(dirs() == "ac");
}

TEST_CASE("changes that wait for one state come in the order they were asked for, then by pull request") {
  const AnyStore store = any_store();
  save(store, change(1, "a", phase::Queued{trigger(30)}));
  save(store, change(2, "a", phase::Verifying{trigger(10)}));
  save(store, change(4, "a", phase::Queued{trigger(20)}));
  save(store, change(3, "a", phase::Queued{trigger(20)}));
  save(store, change(5, "a", done(1)));
  save(store, change(6, "b", phase::Queued{trigger(2)}));
  Change blue = change(7, "a", phase::Queued{trigger(3)});
  blue.id.project.workspace = "blue";
  save(store, blue);
  const StateKey key{kRepo, {"a", "default", "any name"}};
  const auto of_state = [&](const std::vector<std::string>& states) {
    return store.read([&](const Snapshot& in) { return pulls(in.changes.of_state(key, states)); });
  };
  CHECK(of_state({"Queued", "Verifying"}) == Numbers{2, 3, 4, 1});
  CHECK(of_state({"Done"}) == Numbers{5});
  CHECK(of_state({}).empty());
}

TEST_CASE("the newest merge that is through a state is found among many, whatever still waits") {
  const AnyStore store = any_store();
  const StateKey key{kRepo, {"a", "default", {}}};
  const auto newest = [&] {
    return store.read([&](const Snapshot& in) { return in.changes.newest_through(key); });
  };
  CHECK_FALSE(newest());
  save(store, change(1, "a", done(3)));
  save(store, change(2, "a", phase::NoChanges{"plan", trigger(5)}));
  save(store, change(3, "a", phase::Queued{trigger(9)}));
  save(store, change(4, "a", phase::NoChanges{"plan"}));
  save(store, change(5, "b", done(7)));
  REQUIRE(newest());
  CHECK(newest()->id.pull.number == 2);
}

TEST_CASE("plans that no merge has asked for are those of open pull requests") {
  const AnyStore store = any_store();
  save(store, change(1, "a", phase::Ready{"plan"}));
  save(store, change(2, "a", phase::NoChanges{"plan"}));
  save(store, change(3, "a", phase::NoChanges{"plan", trigger(5)}));
  save(store, change(4, "a", phase::Queued{trigger(9)}));
  save(store, change(5, "b", phase::Planning{"run"}));
  const StateKey key{kRepo, {"a", "default", {}}};
  Numbers planned = pulls(store.read([&](const Snapshot& in) { return in.changes.planned(key); }));
  std::sort(planned.begin(), planned.end());
  CHECK(planned == Numbers{1, 2});
  CHECK(pulls(store.read([&](const Snapshot& in) { return in.changes.queued(kRepo); })) == Numbers{4});
}

TEST_CASE("changes in some states are found over all repositories, newest first") {
  const AnyStore store = any_store();
  save(store, change(1, "a", phase::Queued{}));
  Change elsewhere = change(2, "a", applying());
  elsewhere.id.pull.repo.path = "acme/other";
  save(store, elsewhere);
  save(store, change(3, "a", phase::Queued{}));
  save(store, change(4, "a", done(0)));
  const auto in_states = [&](const std::vector<std::string>& states, std::size_t limit) {
    return store.read([&](const Snapshot& in) { return pulls(in.changes.in(states, limit)); });
  };
  CHECK(in_states({"Queued", "Applying"}, 10) == Numbers{3, 2, 1});
  CHECK(in_states({"Queued", "Applying"}, 2) == Numbers{3, 2});
  CHECK(in_states({"Planning"}, 10).empty());
}

TEST_CASE("a change that went on is found in its new state only") {
  const AnyStore store = any_store();
  save(store, change(1, "a", phase::Queued{trigger(1)}));
  Change next = *store.read([](const Snapshot& in) { return in.changes.find(change(1, "a").id); });
  next.state = applying(1);
  save(store, next);
  CHECK(store.read([](const Snapshot& in) { return in.changes.in({"Queued"}, 10).size(); }) == 0);
  CHECK(store.read([](const Snapshot& in) { return in.changes.in({"Applying"}, 10).size(); }) == 1);
}
