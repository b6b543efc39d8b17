#include "tests/bot/work/world.h"

#include "bot/config/yaml.h"
#include "bot/work/intake.h"
#include "bot/work/jobs/reconcile.h"
#include "bot/work/worker.h"
#include "core/failure.h"
#include "tests/bot/work/name_query.h"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <future>

namespace slipway::work {
namespace {

constexpr std::string_view kRepo = "acme/infra";

config::Config read_config(const std::string& data_dir, std::string_view state, const std::string& more) {
  const std::string text = fmt::format(R"(data_dir: {}
forges: [{{kind: github, url: "https://github.com", token: {{env: HOME}}, webhook_secret: {{env: HOME}}}}]
repos: [{{match: acme/*, state: {}{}}}]
)",
                                       data_dir, state, more);
  return config::read_config(config::read_yaml(text, "slipway.yaml"), "slipway.yaml", false);
}

}  // namespace

void NotingHook::handle(const hooks::HookEvent& event, const hooks::Estate&, Output&, std::stop_token) {
  if (event.machine.name == refuses) throw Failure("it has no place for " + refuses);
  ++heard[event.key];
}

void NotingHook::converge(const hooks::Estate& estate, std::stop_token) {
  if (!fails.empty()) throw Failure(fails, Retry::Later);
  monitored.clear();
  for (const StateVersion& version : estate)
    for (const Machine& machine : version.machines) monitored.insert(machine.name);
}

World::World(const std::string& more_config, std::string backend)
    : room_(store::quick_parent()),
      config_(read_config(room_ / "data", backend.empty() ? "slipway" : "declared", more_config)),
      keyring_({Secret(std::string(kKeyBytes, 'k'))}, random_),
      query_(std::make_unique<NameQuery>()),
      backend_(std::move(backend)) {
  for (const vcs::HostKind& kind : vcs::host_kinds()) {
    if (kind.kind != "github") continue;
    vcs::HostConfig host = forge.config();
    host.name = "github";
    hosts_.emplace("github", kind.make(host, forge));
  }
  auto noting = std::make_unique<NotingHook>();
  hook = noting.get();
  hooks_.push_back({"notes", std::move(noting)});
  FakeRepository& repository = repositories.repository;
  repository.refs["refs/heads/main"] =
      repository.commit({{"net/main.tf", "# resources:\nresource \"x\" \"y\" {}\n" + backend_}}, {});
  forge.repo(std::string(kRepo));
  forge.permit(std::string(kRepo), "alice", Permission::Write);
}

void World::start(std::function<std::unique_ptr<store::Store>()> open) {
  store_ = open();
  running_ = std::make_unique<Running>();
  budget_ = std::make_unique<Budget>();
  graphs_ = std::make_unique<Graphs>();
  repo_files_ = std::make_unique<RepoFiles>();
  tools_ = std::make_unique<Tools>(Tools{config_, *store_, keyring_, clock, random_, hosts_, repositories,
                                         terraform, engines_, *query_, hooks_, "http://127.0.0.1:1",
                                         *running_, *budget_, *graphs_, *repo_files_});
  steps_ = std::make_unique<Steps>(*tools_);
  held_ = std::make_unique<Held>();
  worker_ = std::make_unique<Worker>(*tools_, *steps_, *held_, fmt::format("life {}", ++life_));
  store_->transact([&](store::Transaction& rows) {
    rows.jobs.release("", worker_->lease().holder);
    rows.jobs.add(reconcile_job(clock.now()));
  });
}

void World::stop() {
  worker_.reset();
  held_.reset();
  steps_.reset();
  tools_.reset();
  store_.reset();
}

bool World::turn() {
  const Stops stops;
  bool did = worker_->take_in() > 0;
  for (const Pace pace : kPaces) did = worker_->work_one(pace, stops) || did;
  return did;
}

void World::settle() {
  const Time end = clock.time + std::chrono::minutes(10);
  for (int turns = 0; turns < 2'000; ++turns) {
    if (turn()) continue;
    std::optional<Time> due;
    store_->read([&](const store::Snapshot& rows) {
      for (const Pace pace : kPaces)
        if (const auto next = rows.jobs.next_due(steps_->of_pace(pace)); next && (!due || *next < *due))
          due = next;
    });
    if (!due || *due > end) return;
    clock.time = std::max(*due, clock.time + std::chrono::milliseconds(1));
  }
  FAIL("the work never settles");
}

void World::work_until(FunctionRef<bool()> so) {
  for (int turns = 0; turns < 2'000; ++turns) {
    if (so()) return;
    if (!turn()) clock.time += std::chrono::seconds(1);
  }
  FAIL("what is waited for never comes");
}

void World::deliver(const std::string& event, std::int64_t number) {
  const vcs::Delivery told = forge.delivery(std::string(kRepo), number, "secret");
  store::Delivery delivery;
  delivery.id = fmt::format("delivery {}", ++delivery_);
  delivery.forge = "github";
  delivery.event = event;
  delivery.headers = told.headers;
  delivery.body = told.body;
  delivery.received = clock.now();
  std::promise<void> durable;
  store_->record(std::move(delivery), [&](store::Recorded) { durable.set_value(); });
  durable.get_future().wait();
}

std::int64_t World::open_pull(const std::string& resources) {
  FakeRepository& repository = repositories.repository;
  const Sha base = repository.refs.at("refs/heads/main");
  const Sha head = repository.commit(
      {{"net/main.tf", fmt::format("# resources: {}\nresource \"x\" \"y\" {{}}\n{}", resources, backend_)}},
      {base});
  vcs::NewPull pull;
  pull.head = head;
  const std::int64_t number = forge.open_pull(pull);
  forge.pull(std::string(kRepo), number).base = base;
  repository.refs[fmt::format("refs/pull/{}/head", number)] = head;
  return number;
}

void World::comment(std::int64_t number, const std::string& author, const std::string& body) {
  const std::int64_t id = forge.comment(std::string(kRepo), number, author, body);
  store_->transact([&](store::Transaction& rows) {
    take_comment(*tools_, rows, {{"github", std::string(kRepo)}, number}, {id, author, body, clock.now()});
  });
}

void World::merge_pull(std::int64_t number) {
  FakeRepository& repository = repositories.repository;
  const Sha base = repository.refs.at("refs/heads/main");
  const Sha head = repository.refs.at(fmt::format("refs/pull/{}/head", number));
  const Sha tree = repository.merge(base, head).tree;
  const Sha merged = repository.commit(repository.files(tree), {base, head});
  repository.refs["refs/heads/main"] = merged;
  forge.now = clock.now();
  forge.merge_pull(std::string(kRepo), number);
  auto& pull = forge.pull(std::string(kRepo), number);
  pull.merge_commit = merged;
  pull.merged_at = clock.now();
}

std::string World::state_of(std::int64_t number) const {
  std::string out = "unknown";
  store_->read([&](const store::Snapshot& rows) {
    for (const Change& change : rows.changes.of_pull({{"github", std::string(kRepo)}, number}))
      out = std::string(name_of(change.state));
  });
  return out;
}

std::vector<Comment> World::bot_comments(std::int64_t number) const {
  auto all = forge.comments(std::string(kRepo), number);
  std::erase_if(all, [](const Comment& comment) { return comment.author != vcs::kFakeLogin; });
  return all;
}

}  // namespace slipway::work
