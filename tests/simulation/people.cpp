#include "tests/simulation/people.h"

#include "core/crypto.h"
#include "tests/simulation/comment.h"

#include <algorithm>
#include <array>

namespace slipway::simulation {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view kRepo = kTestRepo;
constexpr std::array kDirs = {"net", "app"};
constexpr std::array kWriters = {"alice", "bob", "carol", "dora"};

std::string ref_of(std::int64_t number) { return fmt::format("refs/pull/{}/head", number); }

void send(Scene& scene, std::string event, Json body, std::string about) {
  body["repository"] = Json::object({{"id", 1}, {"full_name", kRepo}});
  if (scene.dice.chance(scene.habits.deliveries_lost)) {
    scene.trace.tell("  (the webhook of it is lost: {})", about);
    return;
  }
  const Letter letter{to_hex(scene.dice.bytes(8)), std::move(event), body.dump(), std::move(about)};
  scene.letters.push_back(letter);
  if (scene.dice.chance(scene.habits.deliveries_doubled)) scene.letters.push_back(letter);
}

void send_comment(Scene& scene, std::int64_t number, std::int64_t id, const std::string& who,
                  const std::string& text, Time at) {
  send(scene, "issue_comment",
       Json::object(
           {{"action", "created"},
            {"issue", Json::object({{"number", number}, {"pull_request", Json::object({{"id", 1}})}})},
            {"comment", Json::object({{"id", id},
                                      {"user", vcs::fake_user(who)},
                                      {"body", text},
                                      {"created_at", vcs::fake_stamp(at)}})}}),
       fmt::format("comment of {} on #{}", who, number));
}

void send_push(Scene& scene) {
  send(scene, "push", Json::object({{"ref", kMain}, {"deleted", false}}), "push to main");
}

/// One of the files of a project gets other contents, or goes.
void edit(Scene& scene, work::FakeRepository::Files& files, const std::string& dir, std::string& words) {
  Dice& dice = scene.dice;
  const std::array names = {"old", "kept", "never", "web", "db", "k2"};
  const std::string name = names[dice.upto(names.size())];
  const std::string path = dir + "/" + name + ".tf";
  const bool there = files.contains(path);
  if (there && dice.chance(35)) {
    files.erase(path);
    words += fmt::format(" {}: -{}", dir, name);
    return;
  }
  const std::string token = fmt::format("{}={}", name, dice.upto(5));
  files[path] = fmt::format("# resources: {}\n", token);
  words += fmt::format(" {}: {}{}", dir, there ? "~" : "+", token);
}

/// A commit on `parent` that edits one project or both.
Sha new_commit(Scene& scene, const Sha& parent, std::set<std::string>& dirs, std::string& words) {
  auto files = scene.git().files(scene.git().tree_of(parent));
  const std::size_t first = scene.dice.upto(kDirs.size());
  edit(scene, files, kDirs[first], words);
  dirs.insert(kDirs[first]);
  if (scene.dice.chance(25)) {
    edit(scene, files, kDirs[1 - first], words);
    dirs.insert(kDirs[1 - first]);
  }
  return scene.git().commit(files, {parent});
}

void touch(Scene& scene, std::int64_t number) {
  scene.outside.forge.now = scene.now();
  scene.pull(number).updated = scene.outside.forge.now;
}

std::int64_t open_pull(Scene& scene) {
  const std::string author = scene.dice.chance(85) ? kWriters[scene.dice.upto(3)] : "mallory";
  Model::Pull facts;
  facts.author = author;
  std::string words;
  const Sha base = scene.base_head();
  Sha head = new_commit(scene, base, facts.dirs, words);
  if (scene.dice.chance(30)) head = new_commit(scene, head, facts.dirs, words);
  vcs::NewPull pull;
  pull.author = author;
  pull.head = head;
  pull.draft = scene.dice.chance(8);
  scene.outside.forge.now = scene.now();
  const std::int64_t number = scene.outside.forge.open_pull(pull);
  scene.pull(number).base = base;
  scene.git().refs[ref_of(number)] = head;
  facts.number = number;
  scene.model.pulls.emplace(number, facts);
  scene.trace.tell("{} opens #{}{} at {}:{}", author, number, pull.draft ? " (a draft)" : "", short_sha(head),
                   words);
  send_pull_letter(scene, number, "opened");
  return number;
}

void push(Scene& scene, std::int64_t number, bool forced) {
  Model::Pull& facts = scene.model.pulls.at(number);
  auto& pull = scene.pull(number);
  std::string words;
  Sha from = forced ? scene.base_head() : pull.head;
  if (!forced && scene.dice.chance(20)) {
    const vcs::MergeResult merge = scene.git().merge(scene.base_head(), pull.head);
    if (!merge.tree.empty()) {
      from = scene.git().commit(scene.git().files(merge.tree), {pull.head, scene.base_head()});
      words = " (main merged into it)";
    }
  }
  pull.head = new_commit(scene, from, facts.dirs, words);
  scene.git().refs[ref_of(number)] = pull.head;
  touch(scene, number);
  scene.trace.tell("{} {} #{} to {}:{}", pull.author, forced ? "force-pushes" : "pushes", number,
                   short_sha(pull.head), words);
  send_pull_letter(scene, number, "synchronize");
}

/// The projects whose files differ between two trees.
std::set<std::string> changed_dirs(Scene& scene, const Sha& from, const Sha& to) {
  std::set<std::string> out;
  for (const auto& change : scene.git().changed(from, to))
    out.insert(change.path.substr(0, change.path.find('/')));
  return out;
}

/// The commits that a rebase would replay, oldest first; nothing when there is a merge among them.
std::vector<Sha> line_of(Scene& scene, const Sha& base, const Sha& head) {
  std::vector<Sha> out;
  const Sha fork = scene.git().merge_base(base, head);
  for (Sha at = head; at != fork;) {
    const auto parents = scene.git().parents(at);
    if (parents.size() != 1) return {};
    out.insert(out.begin(), at);
    at = parents.front();
  }
  return out;
}

bool merge(Scene& scene, std::int64_t number) {
  work::FakeRepository& git = scene.git();
  auto& pull = scene.pull(number);
  const Sha base = scene.base_head();
  const vcs::MergeResult result = git.merge(base, pull.head);
  if (result.tree.empty() || pull.draft) return false;
  Model::Merge merged{number, "merge", pull.head, {}, base, {}, {}};
  const std::size_t method = scene.dice.upto(3);
  if (method == 1) {
    merged.method = "squash";
    merged.commit = git.commit(git.files(result.tree), {base});
  } else if (method == 2) {
    merged.method = "rebase";
    Sha on = base;
    for (const Sha& commit : line_of(scene, base, pull.head)) {
      const vcs::MergeResult one = git.merge(base, commit);
      if (one.tree.empty()) return false;
      on = git.commit(git.files(one.tree), {on});
    }
    merged.commit = on == base ? Sha() : on;
  }
  if (merged.commit.empty()) {
    merged.method = "merge";
    merged.commit = git.commit(git.files(result.tree), {base, pull.head});
  }
  git.refs[std::string(kMain)] = merged.commit;
  scene.outside.forge.now = scene.now();
  scene.outside.forge.merge_pull(std::string(kRepo), number);
  pull.merge_commit = merged.commit;
  pull.merged_by = kWriters[scene.dice.upto(3)];
  merged.at = *pull.merged_at;
  merged.dirs = changed_dirs(scene, git.tree_of(base), git.tree_of(merged.commit));
  scene.trace.tell("{} merges #{} ({}) as {}: {}", pull.merged_by, number, merged.method,
                   short_sha(merged.commit), fmt::join(merged.dirs, " and "));
  scene.model.merges.push_back(merged);
  send_pull_letter(scene, number, "closed");
  send_push(scene);
  return true;
}

void comment(Scene& scene, std::int64_t number, const std::string& who, const std::string& text) {
  scene.outside.forge.now = scene.now();
  const std::int64_t id = scene.outside.forge.comment(std::string(kRepo), number, who, text);
  const Time at = scene.pull(number).comments.back().created;
  touch(scene, number);
  scene.trace.tell("{} comments on #{}: {}", who, number, text);
  scene.model.commands.push_back(
      {number, id, who, text, scene.pull(number).head, scene.pull(number).state == "open", at});
  send_comment(scene, number, id, who, text, at);
}

void freeze_or_thaw(Scene& scene) {
  constexpr std::array kOrders = {"slipway freeze the year ends", "slipway freeze -d net the net moves",
                                  "slipway freeze --for 10m lunch", "slipway thaw", "slipway thaw -d net"};
  std::vector<std::int64_t> numbers;
  for (const auto& [number, pull] : scene.model.pulls) numbers.push_back(number);
  if (numbers.empty()) return;
  const std::string who = scene.dice.chance(95) ? kWriters[scene.dice.upto(kWriters.size())] : "mallory";
  comment(scene, scene.dice.one_of(numbers), who, kOrders[scene.dice.upto(kOrders.size())]);
}

std::string some_command(Scene& scene, std::int64_t number) {
  Dice& dice = scene.dice;
  const auto plans = plans_named(scene.sticky(number));
  switch (dice.upto(9)) {
    case 0:
    case 1:
    case 2:
      return plans.empty() ? "slipway apply" : "slipway apply " + dice.one_of(plans);
    case 3:
    case 4:
      return "slipway apply";
    case 5:
      return "slipway plan";
    case 6:
      return fmt::format("slipway approve {}", dice.chance(70) ? kOverridable : kMandatory);
    case 7:
      return dice.chance(50) ? "slipway discard" : "slipway plan";
    default:
      return dice.chance(50) ? "looks good to me" : "slipway help";
  }
}

void command(Scene& scene, std::int64_t number) {
  const std::string text = some_command(scene, number);
  const bool approves = text.starts_with("slipway approve");
  const std::string who = approves && scene.dice.chance(70) ? std::string(kOwner)
                          : scene.dice.chance(92)           ? kWriters[scene.dice.upto(kWriters.size())]
                                                            : "mallory";
  comment(scene, number, who, text);
}

void review(Scene& scene, std::int64_t number) {
  const std::string who = scene.dice.chance(90) ? kWriters[scene.dice.upto(kWriters.size())] : "mallory";
  const bool approved = scene.dice.chance(80);
  scene.outside.forge.now = scene.now();
  scene.outside.forge.review(std::string(kRepo), number, who, approved);
  touch(scene, number);
  scene.model.reviews.push_back({number, who, approved, scene.pull(number).head, scene.outside.forge.now});
  scene.trace.tell("{} {} #{}", who, approved ? "approves" : "asks for changes of", number);
  send(scene, "pull_request_review",
       Json::object({{"action", "submitted"}, {"pull_request", Json::object({{"number", number}})}}),
       fmt::format("review of #{}", number));
}

void close(Scene& scene, std::int64_t number) {
  scene.outside.forge.now = scene.now();
  scene.outside.forge.close_pull(std::string(kRepo), number);
  scene.trace.tell("#{} is closed", number);
  send_pull_letter(scene, number, "closed");
}

void reopen(Scene& scene, std::int64_t number) {
  scene.pull(number).state = "open";
  touch(scene, number);
  scene.trace.tell("#{} is reopened", number);
  send_pull_letter(scene, number, "reopened");
}

/// Somebody applies by hand, elsewhere; Terraform's lock keeps them out while an apply runs.
void meddle_with_state(Scene& scene) {
  const std::string dir = kDirs[scene.dice.upto(kDirs.size())];
  if (scene.outside.terraform.locked(dir) || scene.habits.state_kept_by_us) return;
  auto& world = scene.outside.terraform.worlds[dir];
  const bool removes = !world.resources.empty() && scene.dice.chance(50);
  if (removes) {
    world.resources.erase(world.resources.begin());
  } else {
    world.resources.insert(fmt::format("stray{}=1", scene.dice.upto(3)));
  }
  ++world.serial;
  scene.model.meddled[dir] = scene.now();
  scene.trace.tell("a foreign hand moves the state of {} to serial {}: {}", dir, world.serial,
                   fmt::join(world.resources, " "));
}

void push_to_base(Scene& scene) {
  std::set<std::string> dirs;
  std::string words;
  const Sha head = new_commit(scene, scene.base_head(), dirs, words);
  scene.git().refs[std::string(kMain)] = head;
  for (const std::string& dir : dirs) scene.model.pushed_base[dir] = scene.now();
  scene.trace.tell("somebody pushes to main past all pull requests:{}", words);
  send_push(scene);
}

/// Nobody merges in a calm story what its comment does not show.
bool is_shown(Scene& scene, std::int64_t number) {
  const std::string body = scene.sticky(number);
  return body.find(fmt::format("of `{}`", short_sha(scene.pull(number).head))) != std::string::npos &&
         body.find("Planning") == std::string::npos && body.find("planning") == std::string::npos &&
         body.find("re-planned") == std::string::npos;
}

}  // namespace

void send_pull_letter(Scene& scene, std::int64_t number, std::string_view action) {
  send(scene, "pull_request",
       Json::object({{"action", action}, {"pull_request", Json::object({{"number", number}})}}),
       fmt::format("#{} {}", number, action));
}

void thaw(Scene& scene, const std::string& dir) {
  const std::int64_t number = scene.model.pulls.begin()->first;
  comment(scene, number, "alice", dir.empty() ? "slipway thaw" : "slipway thaw -d " + dir);
}

void remember_old_merge(Scene& scene) {
  const std::int64_t number = open_pull(scene);
  scene.pull(number).draft = false;
  if (!merge(scene, number)) return;
  scene.model.pulls.at(number).known_before_first_sight = true;
  if (scene.dice.chance(50)) scene.letters.clear();
}

void act(Scene& scene) {
  Dice& dice = scene.dice;
  scene.pass(std::chrono::milliseconds(3'000 + dice.upto(4'000)));
  const auto open = scene.pulls_in("open");
  const auto closed = scene.pulls_in("closed");
  const auto merged = scene.pulls_in("merged");
  if (!scene.habits.calm && dice.chance(scene.habits.meddling)) {
    if (dice.chance(60)) {
      meddle_with_state(scene);
    } else {
      push_to_base(scene);
    }
    return;
  }
  if (dice.chance(scene.habits.freezing)) {
    freeze_or_thaw(scene);
    return;
  }
  if (open.empty() || (open.size() + merged.size() < 5 && dice.chance(25))) {
    open_pull(scene);
    return;
  }
  const std::int64_t number = dice.one_of(open);
  const std::size_t what = dice.upto(100);
  if (what < 34) {
    if (!scene.habits.calm || is_shown(scene, number)) merge(scene, number);
  } else if (what < 46) {
    push(scene, number, false);
  } else if (what < 50) {
    if (!scene.habits.calm) push(scene, number, true);
  } else if (what < 60) {
    review(scene, number);
  } else if (what < 64) {
    if (!scene.habits.calm) close(scene, number);
  } else if (what < 68) {
    if (!closed.empty()) reopen(scene, dice.one_of(closed));
  } else if (what < 71) {
    auto& pull = scene.pull(number);
    pull.draft = !pull.draft;
    touch(scene, number);
    scene.trace.tell("#{} is {}", number, pull.draft ? "a draft now" : "ready for review");
    send_pull_letter(scene, number, pull.draft ? "converted_to_draft" : "ready_for_review");
  } else if (what < 85 && !merged.empty()) {
    command(scene, dice.one_of(merged));
  } else {
    command(scene, number);
  }
}

}  // namespace slipway::simulation
