#include "tests/simulation/scene.h"

#include "core/failure.h"
#include "tests/simulation/comment.h"
#include "tests/simulation/invariants.h"

#include <algorithm>
#include <filesystem>

namespace slipway::simulation {
namespace {

constexpr std::string_view kRepo = kTestRepo;

std::string repo_config(const Habits& habits) {
  std::string out = fmt::format("state: {}, confirm: {}", habits.state_kept_by_us ? "slipway" : "declared",
                                habits.writers_confirm ? "writers" : "not_author");
  if (habits.on_comment) out += ", apply: on_comment";
  if (habits.needs_approval) out += ", requirements: [approved]";
  return out;
}

policies::Policy policy(std::string_view name, PolicyLevel level) {
  policies::Policy out;
  out.name = name;
  out.engine = "builtin";
  out.level = level;
  out.owners = {std::string(kOwner)};
  out.source = name;
  return out;
}

/// Denies the end of what its name says: of resources called k… or n….
class NameEngine final : public policies::PolicyEngine {
 public:
  explicit NameEngine(const SimulatedTerraform& terraform) : terraform_(terraform) {}
  Verdict evaluate(const PlanDocument& document, const policies::Policy& asked, std::stop_token) override {
    Verdict verdict{asked.name, asked.level, PolicyOutcome::Pass, {}, asked.owners, {}};
    const char first = asked.name == kMandatory ? 'n' : 'k';
    for (const ResourceChange& change : terraform_.plans.at(document.digest).changes) {
      if (!destroys(change.action) || change.name.front() != first) continue;
      verdict.outcome = PolicyOutcome::Deny;
      verdict.messages.push_back(change.address + " would be destroyed");
    }
    return verdict;
  }
  std::string check(const policies::Policy&) override { return {}; }

 private:
  const SimulatedTerraform& terraform_;
};

}  // namespace

Habits habits_of(Dice& dice) {
  Habits habits;
  habits.calm = dice.chance(15);
  habits.hurried = dice.chance(35);
  habits.on_comment = dice.chance(20);
  habits.state_kept_by_us = dice.chance(50);
  habits.needs_approval = dice.chance(20);
  habits.writers_confirm = dice.chance(30);
  habits.policies = dice.chance(40);
  habits.machines = dice.chance(25);
  habits.freezing = dice.chance(15) ? static_cast<unsigned>(dice.upto(30)) : 0;
  // Most stories are short: twice as many of them find more than those that go on and on.
  habits.acts = dice.chance(25) ? 10 + dice.upto(22) : 4 + dice.upto(7);
  if (habits.calm) return habits;
  habits.two_processes = dice.chance(40);
  habits.long_nights = dice.chance(10);
  habits.deliveries_lost = dice.chance(50) ? static_cast<unsigned>(dice.upto(60)) : 0;
  habits.deliveries_doubled = dice.chance(40) ? static_cast<unsigned>(dice.upto(40)) : 0;
  habits.trouble = dice.chance(60) ? static_cast<unsigned>(dice.upto(25)) : 0;
  habits.meddling = dice.chance(40) ? static_cast<unsigned>(dice.upto(25)) : 0;
  habits.unlucky_applies = dice.chance(50) ? static_cast<unsigned>(dice.upto(60)) : 0;
  habits.failing_plans = dice.chance(20) ? static_cast<unsigned>(dice.upto(30)) : 0;
  return habits;
}

Scene::Scene(std::uint64_t seed, const Tampering& tampering, bool traced)
    : dice(seed),
      habits(habits_of(dice)),
      outside(dice, repo_config(habits)),
      trace(outside.clock, traced),
      database(tampering) {
  if (!habits.calm && dice.chance(50)) {
    weather.refused = static_cast<unsigned>(dice.upto(80));
    weather.answer_lost = static_cast<unsigned>(dice.upto(60));
  }
  auto& terraform = outside.terraform;
  terraform.machines = habits.machines;
  terraform.on_start = [this](auto& kept, const LockProof& lock) { keeper_starts(kept, lock); };
  terraform.wait = [] {
    if (Process* process = process_at_work()) process->put_down();
  };
  terraform.fate_of = [this](const SimulatedTerraform::Kept&) {
    using Fate = SimulatedTerraform::Fate;
    if (!dice.chance(habits.unlucky_applies)) return Fate::Done;
    constexpr Fate kFates[] = {Fate::Refused,         Fate::HalfWay,           Fate::WrittenThenFails,
                               Fate::KeeperDiesFirst, Fate::KeeperDiesHalfWay, Fate::KeeperDiesLast};
    return kFates[dice.upto(std::size(kFates))];
  };
  terraform.plan_fails = [this](const std::string&) { return dice.chance(habits.failing_plans); };
  outside.repositories.repository.on_fetch = [this] {
    Process* process = process_at_work();
    if (process == nullptr) return;
    process->put_down();
    if (dice.rarely(weather.refused)) throw Failure("fetching was refused", Retry::Later);
  };
  if (habits.policies) {
    outside.config.policies = {policy(kOverridable, PolicyLevel::Overridable),
                               policy(kMandatory, PolicyLevel::Mandatory)};
    outside.make_engine = [&terraform] { return std::make_unique<NameEngine>(terraform); };
  }
  for (const char* person : {"alice", "bob", "carol", "dora"})
    outside.forge.permit(std::string(kRepo), person, Permission::Write);
  outside.forge.permit(std::string(kRepo), "mallory", Permission::Read);
  work::FakeRepository::Files files;
  for (const std::string dir : {"net", "app"}) {
    files[dir + "/main.tf"] = habits.state_kept_by_us
                                  ? "resource \"hci_site\" \"s\" {}\n"
                                  : "terraform {\n  backend \"s3\" {}\n}\nresource \"hci_site\" \"s\" {}\n";
    for (const std::string name : {"old", "kept", "never"}) {
      files[dir + "/" + name + ".tf"] = fmt::format("# resources: {}\n", name);
      terraform.worlds[dir].resources.insert(name);
    }
    terraform.worlds[dir].serial = 3;
    terraform.worlds[dir].lineage = "lineage of " + dir;
  }
  git().refs[std::string(kMain)] = git().commit(files, {});
}

Scene::~Scene() {
  for (const auto& process : processes) process->kill();
}

void Scene::pass(std::chrono::milliseconds time) {
  outside.clock.time += time;
  for (const auto& process : processes)
    if (!process->dead() && !process->paused) process->beat();
}

vcs::FakeGithub::Pull& Scene::pull(std::int64_t number) {
  return outside.forge.pull(std::string(kRepo), number);
}

std::vector<std::int64_t> Scene::pulls_in(std::string_view state) {
  std::vector<std::int64_t> out;
  for (const auto& [number, one] : outside.forge.repo(std::string(kRepo)).pulls) {
    const std::string_view is = one.merged_at ? "merged" : std::string_view(one.state);
    if (is == state) out.push_back(number);
  }
  return out;
}

std::vector<std::string> Scene::stickies(std::int64_t number) {
  std::vector<std::string> out;
  for (const auto& comment : pull(number).comments)
    if (comment.author == vcs::kFakeLogin && slot_of(comment.body) == "sticky") out.push_back(comment.body);
  return out;
}

std::string Scene::sticky(std::int64_t number) {
  const auto all = stickies(number);
  return all.empty() ? std::string() : all.back();
}

void Scene::note_what_was_said() {
  for (const auto& [number, one] : outside.forge.repo(std::string(kRepo)).pulls) {
    std::vector<std::string> bodies = stickies(number);
    std::vector<std::string>& last = last_said_[number];
    if (bodies == last) continue;
    for (const std::string& body : bodies) {
      if (std::find(last.begin(), last.end(), body) != last.end()) continue;
      trace.tell("  the comment of #{} says: {}", number, gist(body));
      for (const PlanId& plan : plans_named(body))
        if (!model.shown_by(number, plan, now())) model.shown.push_back({number, plan, now()});
    }
    last = std::move(bodies);
  }
}

/// Whoever lost his lease while his words were on their way may say something twice, or say what is over: the
/// forge knows no fence. It is marked, so that no story is blamed for it.
void Scene::note_late_words(const Process& speaker, const HttpRequest& request) {
  refresh();
  const bool holds = std::any_of(rows.jobs.begin(), rows.jobs.end(), [&](const auto& entry) {
    const JobRow& job = entry.second;
    return job.running && job.fence == speaker.fence() && job.lease_until > to_millis(now());
  });
  if (holds) return;
  // …/issues/N/comments, …/issues/comments/ID, …/statuses/COMMIT
  const std::filesystem::path path(request.url);
  const bool is_new = path.filename() == "comments";
  std::string about = is_new ? path.parent_path().filename() : path.filename();
  if (path.parent_path().filename() == "comments") about = std::to_string(pull_of_comment(about));
  late_words_.push_back({speaker.name(), about, is_new});
}

std::int64_t Scene::pull_of_comment(const std::string& id) {
  for (const auto& [number, one] : outside.forge.repo(std::string(kRepo)).pulls)
    for (const auto& comment : one.comments)
      if (std::to_string(comment.id) == id) return number;
  return 0;
}

bool Scene::may_be_said_twice(std::int64_t number) const {
  return std::any_of(late_words_.begin(), late_words_.end(), [&](const LateWords& words) {
    return words.is_new && words.about == std::to_string(number);
  });
}

bool Scene::may_be_out_of_date(const std::string& about) const {
  return std::any_of(late_words_.begin(), late_words_.end(), [&](const LateWords& words) {
    const auto speaks = [&](const auto& process) { return process->name() == words.speaker; };
    return words.about == about && std::none_of(processes.begin(), processes.end(), speaks);
  });
}

void Scene::start_process(const std::string& dead_holder) {
  const std::string name = fmt::format("life {}/", ++lives_);
  trace.tell("{} starts", name);
  processes.push_back(
      std::make_unique<Process>(Process::Around{outside, database, dice, trace, weather,
                                                [this](const Process& speaker, const HttpRequest& request) {
                                                  note_what_was_said();
                                                  note_late_words(speaker, request);
                                                }},
                                name));
  processes.back()->start_up(!habits.two_processes, dead_holder);
}

std::optional<PlanRecord> Scene::plan(const PlanId& id) {
  std::optional<PlanRecord> out;
  if (id.empty()) return out;
  database.store().read([&](const store::Snapshot& rows_now) { out = rows_now.plans.find(id); });
  return out;
}

const SimulatedTerraform::Made* Scene::made(const PlanId& id) {
  const auto record = plan(id);
  if (!record) return nullptr;
  const auto found = outside.terraform.plans.find(record->plan_sha256);
  return found == outside.terraform.plans.end() ? nullptr : &found->second;
}

bool Scene::acted_on(const Model::Command& command) {
  return !database.rows(fmt::format("SELECT comment FROM heard WHERE comment = {}", command.comment)).empty();
}

void Scene::violate(std::string rule, std::string what) {
  trace.tell("*** {} *** {}", rule, what);
  violations.push_back({std::move(rule), std::move(what)});
}

void Scene::keeper_starts(SimulatedTerraform::Kept& kept, const LockProof& lock) {
  refresh();
  trace.tell("terraform begins to apply plan {} of {} (run {})", kept.plan, kept.dir, kept.run);
  check_apply_begins(*this, kept, lock);
}

void Scene::tell_of_jobs(const std::map<std::int64_t, JobRow>& before) {
  for (const auto& [id, job] : rows.jobs) {
    const auto known = before.find(id);
    if (known == before.end()) {
      trace.tell("  to do: {} in {}{}", job.kind, job.lane,
                 job.due > to_millis(now()) ? fmt::format(", in {} ms", job.due - to_millis(now())) : "");
    } else if (job.running && job.fence != known->second.fence) {
      trace.tell("  {} takes {} in {} (fence {})", job.holder, job.kind, job.lane, job.fence);
    }
  }
  for (const JobRow& job : ended_)
    trace.tell("  {} {} in {}", rows.jobs.contains(job.id) ? "put back:" : "done:", job.kind, job.lane);
}

void Scene::refresh_freezes() {
  const auto before = std::exchange(freezes_, {});
  for (const auto& row : database.rows("SELECT dir, COALESCE(until, 0) FROM freezes")) {
    const auto known = std::find_if(before.begin(), before.end(),
                                    [&](const StandingFreeze& freeze) { return freeze.dir == row[0]; });
    freezes_.push_back(
        {row[0], from_millis(std::stoll(row[1])), known == before.end() ? seen_commits_ : known->begun});
  }
}

bool Scene::frozen_before(const std::string& dir, std::int64_t fence) const {
  const auto taken = taken_.find(fence);
  return std::any_of(freezes_.begin(), freezes_.end(), [&](const StandingFreeze& freeze) {
    const bool holds = freeze.until == Time{} || now() < freeze.until;
    return holds && (freeze.dir.empty() || freeze.dir == dir) && taken != taken_.end() &&
           freeze.begun < taken->second;
  });
}

bool Scene::frozen_for_good(const std::string& dir) const {
  return std::any_of(freezes_.begin(), freezes_.end(), [&](const StandingFreeze& freeze) {
    return freeze.until == Time{} && (freeze.dir.empty() || freeze.dir == dir);
  });
}

std::optional<std::string> Scene::some_freeze() const {
  for (const StandingFreeze& freeze : freezes_)
    if (freeze.until == Time{}) return freeze.dir;
  return {};
}

bool Scene::refresh() {
  if (database.commits() == seen_commits_) return false;
  seen_commits_ = database.commits();
  const auto before = std::exchange(rows.jobs, {});
  for (const auto& row : database.rows("SELECT id, kind, lane, payload, due, leads, running, fence, holder, "
                                       "lease_until FROM jobs ORDER BY id")) {
    rows.jobs.emplace(std::stoll(row[0]),
                      JobRow{std::stoll(row[0]), row[1], row[2], row[3], std::stoll(row[4]), row[5] == "1",
                             row[6] == "1", std::stoll(row[7]), row[8], std::stoll(row[9])});
  }
  ended_.clear();
  for (const auto& [id, job] : before) {
    const auto still = rows.jobs.find(id);
    if (job.running && (still == rows.jobs.end() || !still->second.running)) ended_.push_back(job);
  }
  for (const auto& [id, job] : rows.jobs)
    if (job.running && (!before.contains(id) || before.at(id).fence != job.fence))
      taken_[job.fence] = seen_commits_;
  refresh_freezes();
  if (trace.on()) tell_of_jobs(before);
  rows.deliveries_wait = !database.rows("SELECT sequence FROM inbox WHERE handled = 0 LIMIT 1").empty();
  std::vector<ChangeId> moved;
  for (const auto& row : database.rows("SELECT number, dir, revision FROM changes")) {
    std::string& revision = revisions_[row[0] + " " + row[1]];
    if (revision == row[2]) continue;
    revision = row[2];
    moved.push_back({{{"github", std::string(kRepo)}, std::stoll(row[0])}, {row[1], "default", {}}});
  }
  if (moved.empty()) return true;
  database.store().read([&](const store::Snapshot& snapshot) {
    for (const ChangeId& id : moved) {
      auto change = snapshot.changes.find(id);
      if (!change) continue;
      const auto known = rows.changes.find(to_string(id));
      const std::string was = known == rows.changes.end() ? "new" : std::string(name_of(known->second.state));
      if (trace.on()) {
        trace.tell("  decided: #{} {}: {} -> {}", id.pull.number, id.project.dir, was,
                   to_json(change->state).dump());
      }
      rows.changes.insert_or_assign(to_string(id), *std::move(change));
    }
  });
  return true;
}

}  // namespace slipway::simulation
