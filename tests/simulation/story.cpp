#include "tests/simulation/story.h"

#include "core/log.h"
#include "tests/simulation/ending.h"
#include "tests/simulation/invariants.h"
#include "tests/simulation/people.h"
#include "tests/simulation/scene.h"

#include <algorithm>

namespace slipway::simulation {
namespace {

using namespace std::chrono_literals;
using Stage = SimulatedTerraform::Kept::Stage;

constexpr std::size_t kMaxSteps = 20'000;  // of a story that settles; one that does not has a livelock
constexpr int kQuietRounds = 3;            // of the reconciler, at the end

/// The seeded scheduler: who goes on next, what is delivered, what dies.
class Story {
 public:
  Story(std::uint64_t seed, bool traced, const Tampering& tampering) : scene_(seed, tampering, traced) {}

  void play() {
    if (scene_.dice.chance(20)) remember_old_merge(scene_);
    scene_.start_process();
    if (scene_.habits.two_processes) scene_.start_process();
    std::size_t acts = 0;
    while (acts < scene_.habits.acts && !scene_.failed() && steps_ < kMaxSteps) {
      if (scene_.dice.rarely(act_rate_)) {
        act(scene_);
        ++acts;
        // People come in bursts, and leave for a while: long enough for a plan to be shown, or not.
        const bool hurried = scene_.habits.hurried;
        act_rate_ = scene_.dice.chance(hurried ? 40 : 20) ? 200 : hurried ? 12 : 5;
      } else {
        turn();
      }
      check();
    }
    if (!scene_.failed()) come_to_rest();
    if (!scene_.failed()) check_ending(scene_);
  }

  /// What the bot logs is part of the story.
  void hear(std::string_view text, log::Fields fields) {
    std::string line(text);
    for (const auto& [name, value] : fields) line += fmt::format(" {}={}", name, value);
    scene_.trace.tell("    log: {}", line);
  }

  Told told(std::uint64_t seed) {
    Told out;
    out.seed = seed;
    out.good = !scene_.failed();
    if (scene_.failed()) {
      out.rule = scene_.violations.front().rule;
      out.what = scene_.violations.front().what;
    }
    out.steps = steps_;
    for (const auto& [run, times] : scene_.outside.terraform.applies)
      out.applies += static_cast<std::size_t>(times);
    for (const auto& process : scene_.processes) process->kill();
    out.lines = scene_.trace.lines();
    return out;
  }

 private:
  void check() {
    if (scene_.refresh()) check_rows(scene_);
  }

  bool has_due(const std::vector<std::string>& kinds) const {
    const std::int64_t now = to_millis(scene_.now());
    return std::any_of(scene_.rows.jobs.begin(), scene_.rows.jobs.end(), [&](const auto& entry) {
      const JobRow& job = entry.second;
      const bool due = job.running ? job.lease_until <= now : job.leads && job.due <= now;
      return due && std::find(kinds.begin(), kinds.end(), job.kind) != kinds.end();
    });
  }
  bool ready(const Process::Hand& hand) const {
    if (!hand.idle) return true;
    return hand.kinds.empty() ? scene_.rows.deliveries_wait : has_due(hand.kinds);
  }

  struct Choice {
    Process* process = nullptr;
    Process::Hand* hand = nullptr;
  };
  std::vector<Choice> choices() {
    std::vector<Choice> out;
    for (const auto& process : scene_.processes) {
      if (process->dead() || process->paused) continue;
      for (const auto& hand : process->hands())
        if (ready(*hand)) out.push_back({process.get(), hand.get()});
    }
    return out;
  }

  void resume(const Choice& choice) {
    scene_.writer = choice.process->name();
    if (!choice.process->resume(*choice.hand)) {
      scene_.trace.tell("{} died", choice.process->name());
      replace(*choice.process);
    }
  }

  void replace(const Process& dead) {
    const std::string name = dead.name();
    std::erase_if(scene_.processes, [](const auto& process) { return process->dead(); });
    scene_.start_process(name);
  }

  bool deliver() {
    if (scene_.letters.empty()) return false;
    // In a calm story they come in their order.
    const std::size_t at = scene_.habits.calm ? 0 : scene_.dice.upto(scene_.letters.size());
    const Letter letter = scene_.letters[at];
    scene_.letters.erase(scene_.letters.begin() + static_cast<std::ptrdiff_t>(at));
    scene_.trace.tell("a webhook arrives: {}", letter.about);
    store::Delivery delivery;
    delivery.id = letter.id;
    delivery.forge = "github";
    delivery.event = letter.event;
    delivery.headers = {{"x-github-event", letter.event},
                        {"x-github-delivery", letter.id},
                        {"content-type", "application/json"}};
    delivery.body = letter.body;
    delivery.received = scene_.now();
    scene_.database.store().record(std::move(delivery), [](store::Recorded) {});
    scene_.model.deliveries.insert(letter.id);
    return true;
  }

  bool advance_keeper() {
    std::vector<SimulatedTerraform::Kept*> alive;
    for (auto& kept : scene_.outside.terraform.keepers)
      if (kept.stage != Stage::Ended) alive.push_back(&kept);
    if (alive.empty()) return false;
    auto& kept = *scene_.dice.one_of(alive);
    scene_.outside.terraform.advance(kept);
    if (scene_.trace.on()) {
      static constexpr const char* kStages[] = {"started", "has the lock", "made the first change", "ended"};
      scene_.trace.tell(
          "terraform of run {} in {}: {}{}", kept.run, kept.dir, kStages[static_cast<int>(kept.stage)],
          kept.outcome ? std::array{", done", ", failed", ", its keeper died"}[kept.outcome->index()] : "");
    }
    check_applies(scene_);
    return true;
  }

  /// Until the next thing is due, or a moment.
  void pass_time(bool nothing_to_do) {
    std::chrono::milliseconds wait(100 + scene_.dice.upto(8'000));
    if (nothing_to_do) {
      std::optional<std::int64_t> next;
      for (const auto& [id, job] : scene_.rows.jobs) {
        const std::int64_t due = job.running ? job.lease_until : job.due;
        if ((job.running || job.leads) && (!next || due < *next)) next = due;
      }
      const std::int64_t until = next.value_or(0) - to_millis(scene_.now());
      wait = std::max(std::chrono::milliseconds(std::clamp<std::int64_t>(until, 1, 120'000)), 1ms);
    }
    if (scene_.habits.long_nights && scene_.dice.rarely(3)) {
      scene_.trace.tell("a night passes");
      wait = 25h;
    }
    scene_.pass(wait);
  }

  void hurt() {
    auto& processes = scene_.processes;
    Process& process = *scene_.dice.one_of(processes);
    switch (scene_.dice.upto(5)) {
      case 0:
        scene_.trace.tell("{} is killed", process.name());
        process.kill();
        replace(process);
        return;
      case 1:
        scene_.trace.tell("whoever writes next dies in it");
        scene_.database.blow = Blow{Blow::Kind::Kill, static_cast<int>(scene_.dice.upto(8)) - 1};
        return;
      case 2:
        scene_.trace.tell("the next transaction fails");
        scene_.database.blow = Blow{Blow::Kind::Refuse, static_cast<int>(scene_.dice.upto(6))};
        return;
      default:
        if (processes.size() < 2) return;
        process.paused = !process.paused;
        scene_.trace.tell("{} {}", process.name(), process.paused ? "stands still" : "comes back");
        if (process.paused && scene_.dice.chance(70)) scene_.pass(std::chrono::seconds(31));
    }
  }

  void turn() {
    ++steps_;
    Dice& dice = scene_.dice;
    if (dice.rarely(scene_.habits.trouble)) {
      hurt();
      return;
    }
    const auto able = choices();
    const std::size_t what = dice.upto(100);
    if (what < 8 && advance_keeper()) return;
    if (what < 16 && deliver()) return;
    if (what < 20) {
      pass_time(false);
      return;
    }
    if (!able.empty()) {
      resume(dice.one_of(able));
      return;
    }
    if (advance_keeper() || deliver()) return;
    if (std::any_of(scene_.processes.begin(), scene_.processes.end(),
                    [](const auto& process) { return process->paused; }) &&
        dice.chance(20)) {
      wake_all();
      return;
    }
    pass_time(true);
    act_rate_ = std::max(act_rate_, 60u);
  }

  void wake_all() {
    for (const auto& process : scene_.processes) {
      if (process->paused) scene_.trace.tell("{} comes back", process->name());
      process->paused = false;
    }
  }

  bool only_reconciles() const {
    return std::all_of(scene_.rows.jobs.begin(), scene_.rows.jobs.end(), [](const auto& entry) {
      return entry.second.kind == "reconcile" || entry.second.kind == "sweep";
    });
  }

  /// The forge heals, everybody comes back, and everything that was sent arrives: until nothing moves.
  void come_to_rest() {
    scene_.trace.tell("from here on nothing goes wrong any more");
    scene_.weather = {};
    scene_.habits.trouble = 0;
    scene_.habits.failing_plans = 0;
    scene_.habits.unlucky_applies = 0;
    scene_.database.blow.reset();
    wake_all();
    int quiet = 0;
    Time round_ends = scene_.now();
    while (quiet < kQuietRounds && !scene_.failed()) {
      if (++steps_ > kMaxSteps) {
        std::string left;
        for (const auto& [id, job] : scene_.rows.jobs)
          left += fmt::format(" {} in {} (due {}, leads {}, running {})", job.kind, job.lane,
                              job.due - to_millis(scene_.now()), job.leads, job.running);
        scene_.violate("it comes to rest", "the work never ends:" + left);
        return;
      }
      const auto able = choices();
      if (scene_.dice.chance(30) && advance_keeper()) {
        // An apply goes on beside everything else.
      } else if (!able.empty()) {
        resume(scene_.dice.one_of(able));
      } else if (!advance_keeper() && !deliver()) {
        if (only_reconciles() && scene_.now() >= round_ends) {
          ++quiet;
          round_ends = scene_.now() + scene_.outside.config.reconcile;
        }
        if (!only_reconciles()) quiet = 0;
        // An old order may still have been on its way.
        if (const auto dir = scene_.some_freeze(); quiet == kQuietRounds && dir) {
          thaw(scene_, *dir);
          quiet = 0;
        }
        pass_time(true);
      }
      check();
    }
  }

  Scene scene_;
  std::size_t steps_ = 0;
  unsigned act_rate_ = 100;  // permille of turns
};

}  // namespace

Told tell(std::uint64_t seed, bool traced, const Tampering& tampering) {
  Story story(seed, traced, tampering);
  if (traced)
    log::install([&](log::Level, std::string_view text, log::Fields fields) { story.hear(text, fields); });
  story.play();
  const Told told = story.told(seed);
  if (traced) log::install({});
  return told;
}

}  // namespace slipway::simulation
