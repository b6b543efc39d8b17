#include "vcs/checkout.h"

#include "core/failure.h"
#include "core/guarded.h"
#include "core/log.h"
#include "vcs/git.h"
#include "vcs/slot_files.h"
#include "vcs/tree_writer.h"

#include <fmt/format.h>
#include <malloc.h>

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

namespace slipway::vcs {
namespace {

/// A checkout that wrote so many files has filled the heap with what libgit2 forgets only to itself.
constexpr std::size_t kManyFiles = 1'000;

struct Slot {
  int number = 0;
  Sha tree;  // that it holds, or is being brought to; empty: nobody knows what it holds
  bool busy = false;
  int leases = 0;
  std::uint64_t used = 0;         // larger is later
  std::optional<Time> held_over;  // leased by a run that the last server left
};

struct Slots {
  std::vector<Slot> list;
  std::uint64_t uses = 0;

  Slot& at(int number) {
    return *std::find_if(list.begin(), list.end(), [&](const Slot& slot) { return slot.number == number; });
  }
};

/// What a call for a tree has got: a slot that holds it, or one that it must bring to it.
struct Claim {
  int number = 0;
  bool whole = false;
  Sha from;  // what the slot holds, to start from; empty: nobody knows
};

bool held_over(const Slot& slot, Time now) { return slot.held_over && now - *slot.held_over < kMaxHeldOver; }

bool is_free(const Slot& slot, Time now) { return !slot.busy && slot.leases == 0 && !held_over(slot, now); }

Slot& new_slot(Slots& slots) {
  int number = 1;
  for (const Slot& slot : slots.list) number = std::max(number, slot.number + 1);
  Slot slot;
  slot.number = number;
  return slots.list.emplace_back(std::move(slot));
}

/// The one that was used longest ago: what was planned lately is applied soon.
Slot& slot_to_bring(Slots& slots, Time now) {
  Slot* oldest = nullptr;
  for (Slot& slot : slots.list)
    if (is_free(slot, now) && (oldest == nullptr || slot.used < oldest->used)) oldest = &slot;
  return oldest != nullptr ? *oldest : new_slot(slots);
}

}  // namespace

class Checkouts::Pool {
 public:
  Pool(const std::string& directory, std::string mirror) : files_(directory), mirror_(std::move(mirror)) {
    slots_.with([&](Slots& slots) {
      for (const auto& found : files_.find()) {
        Slot& slot = slots.list.emplace_back();
        slot.number = found.number;
        slot.tree = found.tree;
        slot.held_over = found.leased;
      }
    });
  }

  std::string take(const Sha& tree, int& number, const std::stop_token& stop) {
    std::optional<Claim> got;
    const auto far = std::chrono::steady_clock::now() + std::chrono::hours(24);
    slots_.wait_until(far, stop, [&](Slots& slots) { return (got = claim(slots, tree)).has_value(); });
    if (!got) throw Stopped();
    number = got->number;
    if (!got->whole) bring(*got, tree, stop);
    return files_.path_of(number);
  }

  /// Called from destructors: what fails here is said in the log.
  void give_back(int number) noexcept {
    try {
      const bool surplus = slots_.with([&](Slots& slots) { return end_lease(slots, slots.at(number)); });
      if (!surplus) return;
      files_.remove(number);
      slots_.with([&](Slots& slots) {
        std::erase_if(slots.list, [&](const Slot& slot) { return slot.number == number; });
      });
    } catch (const std::exception& trouble) {
      log::warning("giving back a checkout", {{"error", trouble.what()}});
    }
  }

 private:
  /// Nothing while another thread is bringing a slot to that tree.
  std::optional<Claim> claim(Slots& slots, const Sha& tree) {
    const Time now = SystemClock().now();
    const auto found = std::find_if(slots.list.begin(), slots.list.end(),
                                    [&](const Slot& slot) { return slot.tree == tree; });
    if (found != slots.list.end()) {
      if (found->busy) return {};
      if (found->leases == 0 && !held_over(*found, now)) files_.set_leased(found->number, true);
      ++found->leases;
      found->used = ++slots.uses;
      return Claim{found->number, true, tree};
    }
    Slot& slot = slot_to_bring(slots, now);
    Claim claim{slot.number, false, std::exchange(slot.tree, tree)};
    slot.busy = true;
    slot.leases = 1;
    slot.used = ++slots.uses;
    return claim;
  }

  /// True when the slot is one too many: it is busy then, and this thread's to remove.
  bool end_lease(Slots& slots, Slot& slot) {
    const Time now = SystemClock().now();
    if (--slot.leases > 0 || held_over(slot, now)) return false;
    const auto idle = std::count_if(slots.list.begin(), slots.list.end(),
                                    [&](const Slot& one) { return is_free(one, now); });
    if (static_cast<std::size_t>(idle) > kMaxIdleSlots) {
      slot.tree.clear();
      return slot.busy = true;
    }
    files_.set_leased(slot.number, false);
    return false;
  }

  /// Alone with its slot. Whatever goes wrong, it is then a slot that nobody relies on.
  void bring(const Claim& claim, const Sha& tree, const std::stop_token& stop) {
    bool whole = false;
    const auto settle = [&](Slots& slots) {
      Slot& slot = slots.at(claim.number);
      slot.busy = false;
      if (whole) return;
      slot.leases = 0;
      slot.tree.clear();
    };
    struct AtEnd {
      Guarded<Slots>& slots;
      const decltype(settle)& then;
      ~AtEnd() { slots.change(then); }
    } const at_end{slots_, settle};

    files_.set_unknown(claim.number);
    if (claim.from.empty()) files_.empty(claim.number);
    const GitRepository repository = open_repository(mirror_);
    const Written written =
        bring_tree(repository.get(), files_.path_of(claim.number), {.from = claim.from, .to = tree}, stop);
    files_.set_whole(claim.number, tree);
    files_.set_leased(claim.number, true);
    if (written.files > kManyFiles) ::malloc_trim(0);
    log::debug("checked out", {{"tree", short_sha(tree)},
                               {"written", std::to_string(written.files)},
                               {"removed", std::to_string(written.removed)}});
    whole = true;
  }

  SlotFiles files_;
  std::string mirror_;
  Guarded<Slots> slots_;
};

namespace {

/// A slot, for as long as somebody reads it.
template <class Pool>
class Lease final : public Checkout {
 public:
  Lease(std::shared_ptr<Pool> pool, const Sha& tree, const std::stop_token& stop)
      : pool_(std::move(pool)), path_(pool_->take(tree, number_, stop)) {}
  ~Lease() override { pool_->give_back(number_); }
  Lease(const Lease&) = delete;
  Lease& operator=(const Lease&) = delete;
  const std::string& path() const override { return path_; }

 private:
  std::shared_ptr<Pool> pool_;  // outlives the lease, whoever goes first
  int number_ = 0;
  std::string path_;
};

}  // namespace

Checkouts::Checkouts(const std::string& directory, std::string mirror)
    : pool_(std::make_shared<Pool>(directory, std::move(mirror))) {}

Checkouts::~Checkouts() = default;

std::shared_ptr<Checkout> Checkouts::lease(const Sha& tree, std::stop_token stop) {
  return std::make_shared<Lease<Pool>>(pool_, tree, stop);
}

}  // namespace slipway::vcs
