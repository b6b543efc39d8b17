#include "bot/work/intake.h"
#include "store/sqlite_store.h"
#include "tests/bot/work/world.h"
#include "tests/store/failing_connection.h"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <numeric>

using namespace slipway;
using namespace slipway::work;

namespace {

constexpr std::string_view kRepo = "acme/infra";

/// A repository whose merge queue applies.
struct Queue {
  explicit Queue(const std::string& more = {}) : world(", apply: in_queue, confirm: writers" + more) {
    world.start([this] { return store::open_sqlite(world.data_dir(), store::failing(fault)); });
    world.settle();
  }

  FakeRepository& git() { return world.repositories.repository; }
  Sha base() { return git().refs.at("refs/heads/main"); }
  Sha head(std::int64_t number) { return git().refs.at(fmt::format("refs/pull/{}/head", number)); }
  Sha made_on(const Sha& onto, std::int64_t number) {
    const Sha tree = git().merge(onto, head(number)).tree;
    return git().commit(git().files(tree), {onto, head(number)});
  }

  std::int64_t open(const std::string& resources) {
    const auto number = world.open_pull(resources);
    tell(number);
    return number;
  }
  void tell(std::int64_t number) {
    world.deliver("pull_request", number);
    world.settle();
  }
  /// The queue publishes its commit and asks about it.
  void queue(std::int64_t number, const Sha& commit) {
    branch = fmt::format("gh-readonly-queue/main/pr-{}-{}", number, base());
    world.forge.repo(std::string(kRepo)).branches[branch] = commit;
    hear(vcs::heard::GroupAsked{{"github", std::string(kRepo)}, commit, base(), "main", branch, number});
  }
  Sha queue(std::int64_t number) {
    const Sha commit = made_on(base(), number);
    queue(number, commit);
    return commit;
  }
  void hear(const vcs::Heard& heard) {
    world.store().transact([&](store::Transaction& rows) { take_up(world.tools(), rows, heard); });
    world.settle();
  }
  void let_go(std::int64_t number) {
    world.forge.repo(std::string(kRepo)).branches.erase(branch);
    hear(vcs::heard::PullTouched{{{"github", std::string(kRepo)}, number}});
  }
  void merge(std::int64_t number, const Sha& commit) {
    git().refs["refs/heads/main"] = commit;
    world.forge.repo(std::string(kRepo)).branches.erase(branch);
    world.forge.now = world.clock.now();
    world.forge.merge_pull(std::string(kRepo), number);
    auto& pull = world.forge.pull(std::string(kRepo), number);
    pull.merge_commit = commit;
    pull.merged_at = world.clock.now();
  }

  /// "success applied: 2 added": the newest of this context.
  std::string status(const Sha& commit, std::string_view context = "slipway/apply") {
    constexpr std::string_view kWords[] = {"pending", "success", "failure", "error"};
    std::string out = "unset";
    for (const vcs::CommitStatus& one : world.forge.statuses(std::string(kRepo)))
      if (one.commit == commit && one.context == context)
        out = fmt::format("{} {}", kWords[static_cast<int>(one.state)], one.description);
    return out;
  }
  int applies() const {
    int out = 0;
    for (const auto& [run, times] : world.terraform.applies) out += times;
    return out;
  }
  const std::set<std::string>& made() { return world.terraform.worlds["net"].resources; }
  PlanId asked(std::int64_t number) {
    PlanId out;
    world.store().read([&](const store::Snapshot& rows) {
      for (const Change& change : rows.changes.of_pull({{"github", std::string(kRepo)}, number}))
        if (const auto* waiting = std::get_if<phase::AwaitingConfirm>(&change.state)) out = waiting->plan;
    });
    return out;
  }

  store::Fault fault;
  World world;
  std::string branch;
};

}  // namespace

TEST_CASE("the queue's commit is a success when it is applied, and its merge applies nothing") {
  Queue queue;
  const auto number = queue.open("db web");
  CHECK(queue.status(queue.head(number)) == "success applied in the merge queue");
  CHECK(queue.made().empty());
  const Sha commit = queue.queue(number);
  CHECK(queue.status(commit) == "success applied: 2 added");
  CHECK(queue.status(commit, "slipway/plan") == "success 2 to add");
  CHECK(queue.status(commit, "slipway/policy").starts_with("success"));
  CHECK(queue.made() == std::set<std::string>{"db", "web"});
  queue.merge(number, commit);
  queue.tell(number);
  CHECK(queue.world.state_of(number) == "Done");
  CHECK(queue.applies() == 1);
}

TEST_CASE("a commit that holds another pull request too is told what to set") {
  Queue queue;
  const auto first = queue.open("db");
  const auto second = queue.world.open_pull("db");
  queue.tell(second);
  const Sha ahead = queue.made_on(queue.base(), first);
  const Sha commit = queue.made_on(ahead, second);
  queue.queue(second, commit);
  for (const auto* context : {"slipway/plan", "slipway/policy", "slipway/apply"})
    CHECK(queue.status(commit, context) ==
          "failure apply: in_queue takes one pull request at a time: set the merge queue's build concurrency "
          "and group size to 1");
  CHECK(queue.made().empty());
}

TEST_CASE("a commit of something else than its branch says is refused") {
  Queue queue;
  const auto number = queue.open("db");
  const Sha other = queue.git().commit({{"net/main.tf", "# resources: evil\nresource \"x\" \"y\" {}\n"}},
                                       {queue.base(), queue.head(number)});
  queue.queue(number, other);
  CHECK(queue.status(other).starts_with("failure "));
  const Sha commit = queue.made_on(queue.base(), number);
  queue.hear(vcs::heard::GroupAsked{{"github", std::string(kRepo)}, commit, queue.base(), "main", {}, 0});
  CHECK(queue.status(commit).starts_with("failure "));
  queue.hear(vcs::heard::GroupAsked{
      {"github", std::string(kRepo)}, commit, queue.base(), "main", "gh-readonly-queue/main/pr-1-x", number});
  CHECK(queue.status(commit) == "failure the merge queue has no branch with this commit");
  CHECK(queue.made().empty());
}

TEST_CASE("a base branch that moved since is said, and nothing is applied") {
  Queue queue;
  const auto number = queue.open("db");
  const Sha commit = queue.made_on(queue.base(), number);
  auto files = queue.git().files(queue.git().tree_of(queue.base()));
  files["README.md"] = "news";
  queue.git().refs["refs/heads/main"] = queue.git().commit(files, {queue.base()});
  queue.queue(number, commit);
  CHECK(queue.status(commit) == "failure main moved since the merge queue made this: queue it again");
  CHECK(queue.made().empty());
}

TEST_CASE("a squash is one pull request as well") {
  Queue queue;
  const auto number = queue.open("db");
  const Sha tree = queue.git().merge(queue.base(), queue.head(number)).tree;
  const Sha commit = queue.git().commit(queue.git().files(tree), {queue.base()});
  queue.queue(number, commit);
  CHECK(queue.status(commit) == "success applied: 1 added");
}

TEST_CASE("a queue that is heard of before its pull request is answered all the same") {
  Queue queue;
  const auto number = queue.world.open_pull("db");
  const Sha commit = queue.queue(number);
  const std::string status = queue.status(commit);
  INFO(status);
  const bool applied = status == "success applied: 1 added";
  CHECK((applied || status.starts_with("failure confirm slipway apply ")));
  CHECK(queue.made().empty() != applied);
}

TEST_CASE("let go after the apply, it is asked about until it is queued again") {
  Queue queue;
  const auto number = queue.open("db");
  queue.queue(number);
  REQUIRE(queue.applies() == 1);
  SECTION("by a webhook") { queue.let_go(number); }
  SECTION("unheard, by the next comparison with the forge") {
    queue.world.forge.repo(std::string(kRepo)).branches.erase(queue.branch);
    queue.world.settle();
  }
  CHECK(queue.world.state_of(number) == "AwaitingConfirm");
  CHECK(queue.made() == std::set<std::string>{"db"});
  REQUIRE(queue.world.forge.issues(std::string(kRepo)).size() == 1);
  const Sha again = queue.queue(number);
  CHECK(queue.status(again) == "success nothing to apply");
  CHECK_FALSE(queue.world.forge.issues(std::string(kRepo)).front().open);
  queue.merge(number, again);
  queue.tell(number);
  CHECK(queue.applies() == 1);
  CHECK(queue.world.state_of(number) == "NoChanges");
}

TEST_CASE("a queue that makes its group anew is answered, and nobody is asked anything") {
  Queue queue;
  const auto number = queue.open("db");
  const Sha first = queue.queue(number);
  REQUIRE(queue.applies() == 1);
  auto files = queue.git().files(queue.git().tree_of(queue.base()));
  files["README.md"] = "news";
  queue.git().refs["refs/heads/main"] = queue.git().commit(files, {queue.base()});
  auto& branches = queue.world.forge.repo(std::string(kRepo)).branches;
  branches.erase(queue.branch);
  queue.branch = fmt::format("gh-readonly-queue/main/pr-{}-{}", number, queue.base());
  const Sha second = queue.made_on(queue.base(), number);
  branches[queue.branch] = second;
  const RepoId repo{"github", std::string(kRepo)};
  const std::vector<vcs::Heard> told = {
      vcs::heard::PullTouched{{repo, number}}, vcs::heard::BranchMoved{repo, "main"},
      vcs::heard::GroupAsked{repo, second, queue.base(), "main", queue.branch, number}};
  queue.world.store().transact([&](store::Transaction& rows) {
    for (const vcs::Heard& heard : told) take_up(queue.world.tools(), rows, heard);
  });
  queue.world.settle();
  CHECK(second != first);
  CHECK(queue.status(second) == "success nothing to apply");
  CHECK(queue.world.forge.issues(std::string(kRepo)).empty());
  queue.merge(number, second);
  queue.tell(number);
  CHECK(queue.world.state_of(number) == "NoChanges");
  CHECK(queue.applies() == 1);
}

TEST_CASE("let go after the apply, a person takes it back, and it is planned as before") {
  Queue queue;
  const auto number = queue.open("db");
  queue.queue(number);
  queue.let_go(number);
  queue.world.comment(number, "alice", "slipway apply " + queue.asked(number));
  queue.world.settle();
  CHECK(queue.made().empty());
  CHECK(queue.world.state_of(number) == "Ready");
  const Sha again = queue.queue(number);
  CHECK(queue.status(again) == "success applied: 1 added");
}

TEST_CASE("what is frozen costs the pull request its turn, and is planned for the next") {
  Queue queue;
  const auto number = queue.open("db");
  const FreezeScope everywhere;
  queue.world.store().transact([&](store::Transaction& rows) {
    rows.freezes.save({everywhere, "the data center moves", "root", true, queue.world.clock.now(), {}});
  });
  const Sha commit = queue.queue(number);
  CHECK(queue.status(commit).starts_with("failure frozen by root since "));
  queue.let_go(number);
  CHECK(queue.world.state_of(number) == "Ready");
  CHECK(queue.made().empty());
  queue.world.store().transact([&](store::Transaction& rows) { rows.freezes.end(everywhere); });
  CHECK(queue.status(queue.queue(number)) == "success applied: 1 added");
}

TEST_CASE("a base branch that moves while it is compared ends the queue's turn") {
  Queue queue;
  const auto number = queue.open("db");
  // The queue asked, and the base moves before a worker compares.
  queue.branch = fmt::format("gh-readonly-queue/main/pr-{}-{}", number, queue.base());
  const Sha commit = queue.made_on(queue.base(), number);
  queue.world.forge.repo(std::string(kRepo)).branches[queue.branch] = commit;
  queue.world.store().transact([&](store::Transaction& rows) {
    take_up(queue.world.tools(), rows,
            vcs::heard::GroupAsked{
                {"github", std::string(kRepo)}, commit, queue.base(), "main", queue.branch, number});
  });
  queue.world.work_until([&] { return queue.world.state_of(number) == "Verifying"; });
  auto files = queue.git().files(queue.git().tree_of(queue.base()));
  files["README.md"] = "news";
  queue.git().refs["refs/heads/main"] = queue.git().commit(files, {queue.base()});
  queue.world.settle();
  CHECK(queue.status(commit) == "failure main moved since the merge queue made this: queue it again");
  CHECK(queue.made().empty());
  CHECK(queue.world.state_of(number) == "Ready");
}

TEST_CASE("killed at any write, the queue's commit is applied once and merged", "[slow]") {
  const auto road = [](Queue& queue) {
    const auto number = queue.open("db web");
    const Sha commit = queue.queue(number);
    if (queue.status(commit).starts_with("success")) queue.merge(number, commit);
    queue.tell(number);
  };
  std::int64_t writes = 0;
  {
    Queue queue;
    const auto before = queue.fault.writes();
    road(queue);
    writes = queue.fault.writes() - before;
    queue.world.stop();
  }
  for (std::int64_t n = 1; n <= writes; n += 3) {
    INFO("killed at write " << n << " of " << writes);
    Queue queue;
    queue.fault.crash_at(n);
    try {
      road(queue);
    } catch (const std::exception&) {
      // The process is dead here.
    }
    queue.world.stop();
    queue.fault.heal();
    queue.world.start(
        [&] { return store::open_sqlite(queue.world.data_dir(), store::failing(queue.fault)); });
    queue.world.settle();
    if (queue.world.forge.repos.at(std::string(kRepo)).pulls.empty()) continue;
    queue.tell(1);
    const auto& open = queue.world.forge.pull(std::string(kRepo), 1);
    if (open.state == "open") {
      const Sha commit = queue.queue(1);
      INFO(queue.status(commit));
      REQUIRE(queue.status(commit).starts_with("success"));
      queue.merge(1, commit);
      queue.tell(1);
    }
    CHECK(queue.applies() == 1);
    CHECK(queue.made() == std::set<std::string>{"db", "web"});
    queue.world.stop();
  }
}
