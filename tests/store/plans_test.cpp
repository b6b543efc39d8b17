#include "core/failure.h"
#include "tests/store/contract.h"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace slipway;
using namespace slipway::store;

namespace {

PlanRecord plan(std::string id, std::int64_t made = 0) {
  PlanRecord record;
  record.id = std::move(id);
  record.change = kChange;
  record.run = "r1";
  record.head = "h1";
  record.inputs.tool = "terraform 1.11.4";
  record.destroys = {"hci_instance.web[0]"};
  record.verdicts = {{.policy = "no-db-destroy",
                      .level = PolicyLevel::Overridable,
                      .outcome = PolicyOutcome::Deny,
                      .messages = {"hci_instance.db would be destroyed"},
                      .owners = {"@acme/dba"},
                      .overridden_by = ""}};
  record.made = at(made);
  record.expires = at(made + 86'400);
  record.plan_file = "plan-" + record.id;
  record.materials = "materials";
  record.summary = "summary-" + record.id;
  return record;
}

void add(const AnyStore& store, const PlanRecord& record) {
  store->transact([&](Transaction& in) { in.plans.add(record); });
}

PlanRecord find(const AnyStore& store, const PlanId& id) {
  return store.read([&](const Snapshot& in) { return in.plans.find(id); }).value();
}

std::vector<std::string> shed(const AnyStore& store, std::int64_t before) {
  auto blobs = store.write([&](Transaction& in) { return in.plans.shed_blobs(at(before)); }).blobs;
  std::sort(blobs.begin(), blobs.end());
  return blobs;
}

void save_change(const AnyStore& store, ChangeState state) {
  store->transact([&](Transaction& in) {
    Change change = in.changes.find(kChange).value_or(Change{});
    change.id = kChange;
    change.state = std::move(state);
    in.changes.save(change);
  });
}

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("a plan is found as it was added") {
  const AnyStore store = any_store();
  add(store, plan("7f3a"));
  CHECK(find(store, "7f3a") == plan("7f3a"));
  CHECK_FALSE(store.read([](const Snapshot& in) { return in.plans.find("0000"); }));
}

TEST_CASE("a plan whose id is taken is refused, and can be made again") {
  const AnyStore store = any_store();
  add(store, plan("7f3a"));
  try {
    add(store, plan("7f3a", 5));
    FAIL("two plans have one id");
  } catch (const Failure& failure) {
    CHECK(failure.retry() == Retry::Later);
  }
  CHECK(find(store, "7f3a").made == at(0));
}

TEST_CASE("a change's plans come newest first") {
  const AnyStore store = any_store();
  add(store, plan("aaaa", 1));
  add(store, plan("cccc", 3));
  add(store, plan("bbbb", 2));
  PlanRecord other = plan("dddd", 4);
  other.change.project.workspace = "blue";
  add(store, other);
  Names ids;
  for (const PlanRecord& record :
       store.read([](const Snapshot& in) { return in.plans.of_change(kChange); })) {
    ids.push_back(record.id);
  }
  CHECK(ids == Names{"cccc", "bbbb", "aaaa"});
}

TEST_CASE("a plan was shown when it was shown first") {
  const AnyStore store = any_store();
  add(store, plan("7f3a"));
  CHECK_FALSE(find(store, "7f3a").shown_at);
  store->transact([](Transaction& in) { in.plans.shown("7f3a", at(10)); });
  store->transact([](Transaction& in) { in.plans.shown("7f3a", at(20)); });
  CHECK(find(store, "7f3a").shown_at == at(10));
  CHECK_THROWS_AS(store->transact([](Transaction& in) { in.plans.shown("0000", at(10)); }), Failure);
}

TEST_CASE("an override is kept with the plan it was given for") {
  const AnyStore store = any_store();
  add(store, plan("7f3a"));
  auto verdicts = plan("7f3a").verdicts;
  verdicts.front().overridden_by = "dana";
  store->transact([&](Transaction& in) { in.plans.save_verdicts("7f3a", verdicts); });
  CHECK(find(store, "7f3a").verdicts == verdicts);
  CHECK_FALSE(find(store, "7f3a").verdicts.front().blocks());
}

TEST_CASE("blobs of old plans are shed when their change is over, and the rows stay") {
  const AnyStore store = any_store();
  save_change(store, phase::Ready{"7f3a"});
  add(store, plan("7f3a", 10));
  CHECK(shed(store, 1000).empty());
  save_change(store, phase::Done{});
  CHECK(shed(store, 10).empty());
  CHECK(shed(store, 11) == Names{"materials", "plan-7f3a", "summary-7f3a"});
  CHECK(shed(store, 11).empty());
  const PlanRecord left = find(store, "7f3a");
  CHECK(left.plan_file.empty());
  CHECK(left.materials.empty());
  CHECK(left.destroys == plan("7f3a").destroys);
}

TEST_CASE("a settled pull request or a dropped change sheds its plans too") {
  const AnyStore store = any_store();
  add(store, plan("7f3a", 10));  // no change is there at all
  CHECK(shed(store, 11).size() == 3);
  save_change(store, phase::NoChanges{"8b4c"});
  add(store, plan("8b4c", 10));
  CHECK(shed(store, 11).empty());
  store->transact([](Transaction& in) {
    PullRow row;
    row.pull.id = kPull;
    row.settled = true;
    in.pulls.save(row);
  });
  CHECK(shed(store, 11).size() == 3);
}

TEST_CASE("a blob that another plan names is not shed") {
  const AnyStore store = any_store();
  add(store, plan("aaaa", 10));
  add(store, plan("bbbb", 20));
  CHECK(shed(store, 11) == Names{"plan-aaaa", "summary-aaaa"});
  CHECK(find(store, "bbbb").materials == "materials");
  CHECK(shed(store, 21) == Names{"materials", "plan-bbbb", "summary-bbbb"});
}
