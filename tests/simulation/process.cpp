#include "tests/simulation/process.h"

#include "bot/work/jobs/reconcile.h"
#include "core/failure.h"

#include <algorithm>
#include <utility>

namespace slipway::simulation {
namespace {

Process* at_work = nullptr;

std::string_view short_url(const HttpRequest& request) {
  constexpr std::string_view kRoot = "https://api.github.com";
  return std::string_view(request.url).substr(std::min(kRoot.size(), request.url.size()));
}

}  // namespace

Process* process_at_work() { return at_work; }

/// The Store as one process has it: a dead one reaches nothing.
class Process::Desk final : public store::Store {
 public:
  Desk(Process& process, Database& database) : process_(process), database_(database) {}

  void transact(FunctionRef<void(store::Transaction&)> action) override {
    process_.put_down();
    try {
      database_.transact(action);
    } catch (const Killed&) {
      process_.dying_ = true;
      throw;
    }
    // Between the claim and the note of it nothing is held up: a thread that stood still there would have its
    // lease run out with nobody to beat its heart.
    if (Hand* hand = process_.at_work_; hand != nullptr && std::exchange(hand->claims, false)) {
      hand->fence = std::stoll(database_.rows("SELECT fence FROM counters").front().front());
      return;
    }
    process_.put_down();
  }
  void read(FunctionRef<void(const store::Snapshot&)> action) const override {
    database_.store().read(action);
  }
  void record(store::Delivery delivery, std::function<void(store::Recorded)> on_durable) override {
    database_.store().record(std::move(delivery), std::move(on_durable));
  }
  bool wait_for_work(std::chrono::milliseconds, std::stop_token) override { return false; }
  bool wait_for_deliveries(std::chrono::milliseconds, std::stop_token) override { return false; }
  store::Blobs& blobs() override { return database_.store().blobs(); }
  store::Health health() override { return database_.store().health(); }
  std::string check_integrity() override { return database_.store().check_integrity(); }

 private:
  Process& process_;
  Database& database_;
};

/// The way to the forge.
class Process::Wire final : public HttpClient {
 public:
  Wire(Process& process, const Around& around) : process_(process), around_(around) {}

  HttpResponse send(const HttpRequest& request, std::stop_token stop) override {
    process_.put_down();
    const bool writes = request.method != "GET";
    const unsigned luck = static_cast<unsigned>(around_.dice.upto(1'000));
    if (luck < around_.weather.refused) {
      around_.trace.tell("the forge refuses {} {}", request.method, short_url(request));
      return {502, {}, "bad gateway"};
    }
    around_.outside.forge.now = around_.outside.clock.now();
    HttpResponse response = around_.outside.forge.send(request, stop);
    around_.outside.forge.requests.clear();
    if (writes && around_.trace.on())
      around_.trace.tell("  {} {} {}: {}", process_.name(), request.method, short_url(request),
                         request.url.ends_with("/comments") ? "" : request.body.substr(0, 160));
    if (writes) around_.on_said(process_, request);
    process_.put_down();
    if (luck < around_.weather.refused + around_.weather.answer_lost) {
      around_.trace.tell("the answer to {} {} is lost", request.method, short_url(request));
      if (luck % 2 == 0) return {504, {}, "gateway timeout"};
      throw Failure("the connection was reset", Retry::Later);
    }
    return response;
  }

 private:
  Process& process_;
  Around around_;
};

Process::Hand::Hand(Process& process, std::string_view role, std::function<bool()> work)
    : fiber([this, &process, role, work = std::move(work)] {
        while (!process.dying_) {
          try {
            claims = true;
            idle = !work();
          } catch (const std::exception& trouble) {
            if (process.dying_) return;
            // As the threads do: the store had trouble, the loop goes on.
            process.around_.trace.tell("{} {} meets trouble: {}", process.name_, role, trouble.what());
          }
          if (process.dying_) return;
          Fiber::pause();
        }
      }) {}

Process::Process(const Around& around, std::string name)
    : around_(around),
      name_(std::move(name)),
      desk_(std::make_unique<Desk>(*this, around.database)),
      wire_(std::make_unique<Wire>(*this, around)),
      life_(std::make_unique<Life>(
          around.outside, Life::Seams{*desk_, *wire_, around.outside.repositories, around.outside.terraform},
          name_)) {
  const auto add = [&](std::string_view role, std::optional<work::Pace> pace) {
    hands_.push_back(std::make_unique<Hand>(*this, role, [this, pace] {
      return pace ? life_->worker().work_one(*pace, stops_) : life_->worker().take_in() > 0;
    }));
    if (pace) hands_.back()->kinds = life_->steps().of_pace(*pace);
  };
  add("intake", {});
  add("run 1", work::Pace::Run);
  add("run 2", work::Pace::Run);
  add("fetch 1", work::Pace::Fetch);
  add("fetch 2", work::Pace::Fetch);
  add("quick 1", work::Pace::Quick);
  add("quick 2", work::Pace::Quick);
  add("hook", work::Pace::Hook);
}

Process::~Process() { kill(); }

void Process::start_up(bool alone, const std::string& dead_holder) {
  around_.database.store().transact([&](store::Transaction& rows) {
    if (alone) {
      rows.jobs.release("", name_);
    } else if (!dead_holder.empty()) {
      rows.jobs.release(dead_holder, name_);
    }
    rows.jobs.add(work::reconcile_job(around_.outside.clock.now()));
  });
}

bool Process::resume(Hand& hand) {
  at_work = this;
  at_work_ = &hand;
  hand.idle = false;
  hand.fiber.resume();
  at_work_ = nullptr;
  at_work = nullptr;
  if (dying_) kill();
  return !dead_;
}

void Process::kill() {
  if (dead_) return;
  dying_ = true;
  for (const auto& hand : hands_) {
    if (hand->fiber.ended()) continue;
    at_work = this;
    at_work_ = hand.get();
    hand->fiber.resume();
  }
  at_work = nullptr;
  at_work_ = nullptr;
  dead_ = true;
  hands_.clear();
}

void Process::beat() { life_->held().beat(around_.database.store(), life_->worker().lease()); }

void Process::put_down() {
  if (at_work_ == nullptr) return;
  if (dying_) throw Killed{};
  Fiber::pause();
  if (dying_) throw Killed{};
}

}  // namespace slipway::simulation
