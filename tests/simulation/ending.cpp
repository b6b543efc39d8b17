#include "tests/simulation/ending.h"

#include "tests/simulation/comment.h"
#include "tests/simulation/entitled.h"

#include <algorithm>

namespace slipway::simulation {
namespace {

template <class State>
bool is(const ChangeState& state) {
  return std::holds_alternative<State>(state);
}

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

const Change* change_of(const Scene& scene, std::int64_t number, const std::string& dir) {
  const ChangeId id{{{"github", std::string(kTestRepo)}, number}, {dir, "default", {}}};
  const auto found = scene.rows.changes.find(to_string(id));
  return found == scene.rows.changes.end() ? nullptr : &found->second;
}

void every_delivery_was_answered(Scene& scene) {
  std::set<std::string> left = scene.model.deliveries;
  for (const auto& row : scene.database.rows("SELECT id, handled, outcome FROM inbox")) {
    left.erase(row[0]);
    if (row[1] != "1" || row[2].empty())
      scene.violate("I7: every delivery is acted on or ignored with the reason",
                    fmt::format("delivery {} was accepted and not answered", row[0]));
  }
  if (!left.empty())
    scene.violate("I7: every delivery is acted on or ignored with the reason",
                  fmt::format("delivery {} was accepted and is gone", *left.begin()));
}

void no_job_was_given_up(Scene& scene) {
  // The reconciler comes again by itself.
  for (const auto& row :
       scene.database.rows("SELECT kind, payload, error FROM dead_jobs WHERE kind <> 'reconcile_repo'"))
    scene.violate("nothing is lost", fmt::format("a job was given up: {} {}: {}", row[0], row[1], row[2]));
}

void nothing_is_held(Scene& scene) {
  for (const auto& [id, job] : scene.rows.jobs)
    if (job.running)
      scene.violate("I5: locks are leases", fmt::format("{} in {} is held", job.kind, job.lane));
  for (const auto& row : scene.database.rows("SELECT dir, run FROM state_locks"))
    scene.violate("I5: locks are leases", fmt::format("the state of {} is locked by run {}", row[0], row[1]));
  for (const auto& row : scene.database.rows("SELECT run, dir FROM grants"))
    scene.violate("I6: credentials are handed out after the gate",
                  fmt::format("run {} of {} has ended, and its credentials have not", row[0], row[1]));
}

bool discarded_by_somebody(const Scene& scene, std::int64_t number) {
  return std::any_of(scene.model.commands.begin(), scene.model.commands.end(), [&](const auto& command) {
    return command.pull == number && command.text == "slipway discard" && is_writer(command.who);
  });
}

bool waits_for_a_person(const ChangeState& state) {
  return is<phase::AwaitingConfirm>(state) || is<phase::ApplyFailed>(state) || is<phase::Interrupted>(state);
}

/// Of one project of a merged pull request.
std::string how_it_ends_badly(Scene& scene, const Model::Merge& merge, const std::string& dir) {
  const Change* change = change_of(scene, merge.pull, dir);
  if (change == nullptr) {
    // First sight changes nothing: what the base branch held by then is taken as applied.
    const bool was_there = scene.model.baseline && scene.git().contains(*scene.model.baseline, merge.commit);
    return was_there ? "" : "nobody looked at it";
  }
  const ChangeState& state = change->state;
  if (is<phase::Done>(state) || is<phase::NoChanges>(state) || is<phase::Degraded>(state) ||
      waits_for_a_person(state))
    return {};
  if (const auto* joined = std::get_if<phase::Joined>(&state)) {
    const auto lead = scene.rows.changes.find(to_string(joined->lead));
    if (lead != scene.rows.changes.end() && waits_for_a_person(lead->second.state)) return {};
  }
  if (is<phase::Discarded>(state) && discarded_by_somebody(scene, merge.pull)) return {};
  return fmt::format("it is {}: {}", name_of(state), to_json(state).dump());
}

void every_merge_comes_to_an_end(Scene& scene) {
  for (const Model::Merge& merge : scene.model.merges) {
    if (scene.model.pulls.at(merge.pull).known_before_first_sight) continue;
    for (const std::string& dir : merge.dirs) {
      const std::string why = how_it_ends_badly(scene, merge, dir);
      if (!why.empty())
        scene.violate("I8: every merged change is applied, or waits for a person",
                      fmt::format("#{} {}: {}", merge.pull, dir, why));
    }
  }
}

void open_changes_stand_still(Scene& scene) {
  for (const auto& [name, change] : scene.rows.changes) {
    const ChangeState& state = change.state;
    if (is<phase::Planning>(state) || is<phase::Queued>(state) || is<phase::Verifying>(state) ||
        is<phase::Replanning>(state) || is<phase::Applying>(state) || is<phase::Onboarding>(state) ||
        is<phase::Applied>(state))
      scene.violate("it comes to rest", fmt::format("{} is {} for ever", name, name_of(state)));
  }
}

/// What the comment must say beside a project, by its state; empty: nothing is asked of it.
std::vector<std::string> words_for(const ChangeState& state) {
  if (is<phase::Done>(state)) return {"applied", "Applied"};
  if (is<phase::NoChanges>(state)) return {"nothing to do", "Nothing to apply", "no changes"};
  if (const auto* waiting = std::get_if<phase::AwaitingConfirm>(&state)) {
    if (waiting->plan.empty()) return {"waits for a person", waiting->why.substr(0, 20)};
    return {"slipway apply " + waiting->plan, "`slipway approve", "nobody may override"};
  }
  if (const auto* joined = std::get_if<phase::Joined>(&state)) return {short_name(joined->lead.pull)};
  if (const auto* discarded = std::get_if<phase::Discarded>(&state);
      discarded && contains(discarded->why, " by "))
    return {"discarded"};
  if (is<phase::ApplyFailed>(state)) return {"failed"};
  if (is<phase::Interrupted>(state)) return {"interrupted"};
  return {};
}

void comments_tell_how_it_is(Scene& scene) {
  for (const auto& [name, change] : scene.rows.changes) {
    if (is_push(change.id.pull)) continue;
    const std::int64_t number = change.id.pull.number;
    if (scene.may_be_out_of_date(std::to_string(number))) continue;
    const auto bodies = scene.stickies(number);
    if (bodies.empty()) {
      scene.violate("the comment tells how it is", fmt::format("{} has no comment", name));
      continue;
    }
    // What a later commit does not touch any more is not spoken of, and nothing of what was closed.
    const auto& pull = scene.pull(number);
    const bool closed = pull.state == "closed" && !pull.merged_at;
    const bool left_behind = closed || (is<phase::Discarded>(change.state) && change.head != pull.head);
    const auto words = left_behind ? std::vector<std::string>() : words_for(change.state);
    std::string said;
    // Where somebody spoke too late there are two, of which one is kept up.
    const bool right =
        words.empty() || std::any_of(bodies.begin(), bodies.end(), [&](const std::string& body) {
          said = next_of(body, change.id.project.dir);
          return std::any_of(words.begin(), words.end(),
                             [&](const std::string& word) { return contains(said, word); });
        });
    if (!right)
      scene.violate("the comment tells how it is",
                    fmt::format("{} is {}, and the comment says: {}", name, name_of(change.state), said));
  }
}

void comments_are_said_once(Scene& scene) {
  for (const auto& [number, facts] : scene.model.pulls) {
    if (scene.may_be_said_twice(number)) continue;
    std::map<std::string, int> slots;
    for (const auto& comment : scene.pull(number).comments) {
      const std::string slot = slot_of(comment.body);
      if (comment.author != vcs::kFakeLogin || slot.empty()) continue;
      if (++slots[slot] == 2)
        scene.violate("nothing is said twice", fmt::format("#{} has two comments \"{}\"", number, slot));
    }
  }
}

std::optional<vcs::StatusState> apply_status(Scene& scene, const Sha& commit) {
  std::optional<vcs::StatusState> out;
  for (const auto& status : scene.outside.forge.statuses(std::string(kTestRepo)))
    if (status.commit == commit && status.context == "slipway/apply") out = status.state;
  return out;
}

/// The gravest project decides.
vcs::StatusState wanted_status(const std::vector<const Change*>& changes) {
  using vcs::StatusState;
  StatusState worst = StatusState::Success;
  const auto gravity = [](StatusState state) {
    return state == StatusState::Error     ? 3
           : state == StatusState::Failure ? 2
                                           : state == StatusState::Pending;
  };
  for (const Change* change : changes) {
    const ChangeState& state = change->state;
    const StatusState one = is<phase::Interrupted>(state)   ? StatusState::Error
                            : is<phase::ApplyFailed>(state) ? StatusState::Failure
                            : is<phase::AwaitingConfirm>(state) || is<phase::Joined>(state)
                                ? StatusState::Pending
                                : StatusState::Success;
    if (gravity(one) > gravity(worst)) worst = one;
  }
  return worst;
}

void statuses_tell_how_it_is(Scene& scene) {
  for (const Model::Merge& merge : scene.model.merges) {
    std::vector<const Change*> changes;
    bool discarded = false;
    for (const auto& [name, change] : scene.rows.changes) {
      if (change.id.pull.number != merge.pull) continue;
      if (is<phase::Discarded>(change.state)) {
        discarded = discarded || change.head == merge.head;
      } else {
        changes.push_back(&change);
      }
    }
    if (changes.empty()) continue;
    const vcs::StatusState wanted = wanted_status(changes);
    for (const Sha& commit : {merge.head, merge.commit}) {
      if (scene.may_be_out_of_date(commit)) continue;
      const auto said = apply_status(scene, commit);
      const bool waits =
          said == vcs::StatusState::Pending && wanted == vcs::StatusState::Success && discarded;
      if (said != wanted && !waits)
        scene.violate("the statuses tell how it is",
                      fmt::format("slipway/apply of {} of #{} is {}, and it is {}", short_sha(commit),
                                  merge.pull, said ? std::to_string(static_cast<int>(*said)) : "missing",
                                  name_of(changes.front()->state)));
    }
  }
}

/// A push past all pull requests waits for a person, and what is merged on top of it holds it too.
bool push_waits(Scene& scene, const std::string& dir) {
  return std::any_of(scene.rows.changes.begin(), scene.rows.changes.end(), [&](const auto& entry) {
    const Change& change = entry.second;
    return is_push(change.id.pull) && change.id.project.dir == dir && waits_for_a_person(change.state);
  });
}

/// By a comment, from a pull request that is not merged yet.
bool applied_ahead(Scene& scene, const std::string& dir) {
  return std::any_of(scene.rows.changes.begin(), scene.rows.changes.end(), [&](const auto& entry) {
    const Change& change = entry.second;
    return change.id.project.dir == dir && !change.applied_by.empty() && !is_push(change.id.pull) &&
           scene.model.merge_of(change.id.pull.number) == nullptr;
  });
}

/// Where every merge of a project went through and no foreign hand came between, its state is what the newest
/// merged commit asks for.
void states_are_what_was_merged(Scene& scene) {
  for (const std::string dir : {"net", "app"}) {
    const Model::Merge* last = nullptr;
    bool through = true;
    for (const Model::Merge& merge : scene.model.merges) {
      if (!merge.dirs.contains(dir) || scene.model.pulls.at(merge.pull).known_before_first_sight) continue;
      const Change* change = change_of(scene, merge.pull, dir);
      through = through && change != nullptr &&
                (is<phase::Done>(change->state) || is<phase::NoChanges>(change->state));
      last = &merge;
    }
    if (last == nullptr || !through || scene.model.meddled.contains(dir) || push_waits(scene, dir) ||
        applied_ahead(scene, dir))
      continue;
    const auto asked = scene.git().resources(scene.git().tree_of(last->commit), dir);
    const auto& there = scene.outside.terraform.worlds[dir].resources;
    // What waits together is planned at the newest commit, and that may be a push which took some of it back.
    const bool pushed = scene.model.pushed_base.contains(dir) &&
                        scene.git().resources(scene.git().tree_of(scene.base_head()), dir) == there;
    if (asked != there && !pushed)
      scene.violate("states become what was merged",
                    fmt::format("{} holds {} and the merged commit of #{} asks for {}", dir,
                                fmt::join(there, " "), last->pull, fmt::join(asked, " ")));
  }
}

}  // namespace

void check_ending(Scene& scene) {
  every_delivery_was_answered(scene);
  no_job_was_given_up(scene);
  nothing_is_held(scene);
  open_changes_stand_still(scene);
  every_merge_comes_to_an_end(scene);
  comments_tell_how_it_is(scene);
  comments_are_said_once(scene);
  statuses_tell_how_it_is(scene);
  states_are_what_was_merged(scene);
}

}  // namespace slipway::simulation
