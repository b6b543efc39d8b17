#pragma once

#include "tests/simulation/database.h"
#include "tests/simulation/dice.h"
#include "tests/simulation/fiber.h"
#include "tests/simulation/life.h"
#include "tests/simulation/trace.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace slipway::simulation {

/// How often the way to the forge fails; of a thousand requests.
struct Weather {
  unsigned refused = 0;      // 502, nothing was done
  unsigned answer_lost = 0;  // done, and the answer is lost
};

/// One process of the bot with its threads as fibers, which are put down wherever they touch the world:
/// before and after each transaction, each request to the forge, each fetch and each run of Terraform. There
/// it may be paused for long, or killed.
class Process {
 public:
  struct Around {
    Outside& outside;
    Database& database;
    Dice& dice;
    Trace& trace;
    const Weather& weather;
    /// The forge was written to.
    std::function<void(const Process&, const HttpRequest&)> on_said;
  };
  Process(const Around& around, std::string name);
  ~Process();
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  struct Hand {
    Hand(Process& process, std::string_view role, std::function<bool()> work);
    std::vector<std::string> kinds;  // of jobs that it takes; none: it takes in deliveries
    bool idle = true;
    bool claims = false;     // its next transaction is a claim
    std::int64_t fence = 0;  // of the job that it claimed last
    Fiber fiber;
  };

  const std::string& name() const { return name_; }
  std::vector<std::unique_ptr<Hand>>& hands() { return hands_; }
  bool dead() const { return dead_; }
  bool paused = false;

  /// What a server does first: frees what dead ones held (`alone`: every other one; else this one's), and
  /// compares with the forge.
  void start_up(bool alone, const std::string& dead_holder);
  /// Until it is put down again, or idle. False: it died meanwhile.
  bool resume(Hand& hand);
  /// Nothing of it runs any more; what was on its stacks is unwound without a word to the world.
  void kill();
  void beat();

  /// Called from whatever its fibers touch.
  void put_down();
  /// Of the job that the fiber at work claimed.
  std::int64_t fence() const { return at_work_ == nullptr ? 0 : at_work_->fence; }

 private:
  class Desk;
  class Wire;

  Around around_;
  std::string name_;
  bool dead_ = false;
  bool dying_ = false;
  Hand* at_work_ = nullptr;
  std::unique_ptr<Desk> desk_;
  std::unique_ptr<Wire> wire_;
  std::unique_ptr<Life> life_;
  work::Stops stops_;
  std::vector<std::unique_ptr<Hand>> hands_;
};

/// The process whose fiber runs now: what git and Terraform put down.
Process* process_at_work();

}  // namespace slipway::simulation
