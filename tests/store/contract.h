#pragma once

#include "store/store.h"

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace slipway::store {

/// The contract of store/store.h and store/tables.h is checked over every implementation of it: a test case
/// that opens its store by `any_store()` runs once for each of `implementations()`.

struct Implementation {
  std::string name;
  /// A new and empty store; what it lives in goes with it.
  std::function<std::shared_ptr<Store>()> open;  // shared: the directory hangs on it
  bool has_threads = true;  // `record` calls back later, and `read` works inside of `transact`
};

/// Each implementation is one line there.
const std::vector<Implementation>& implementations();

/// A store that is there for one run of a test case.
class AnyStore {
 public:
  explicit AnyStore(const Implementation& implementation)
      : name_(implementation.name), has_threads_(implementation.has_threads), store_(implementation.open()) {}

  Store* operator->() const { return store_.get(); }
  Store& operator*() const { return *store_; }
  const std::string& name() const { return name_; }
  bool has_threads() const { return has_threads_; }

  /// What a transaction or a snapshot gives.
  template <class Action>
  auto write(Action action) const {
    decltype(action(std::declval<Transaction&>())) result{};
    store_->transact([&](Transaction& transaction) { result = action(transaction); });
    return result;
  }
  template <class Action>
  auto read(Action action) const {
    decltype(action(std::declval<const Snapshot&>())) result{};
    store_->read([&](const Snapshot& snapshot) { result = action(snapshot); });
    return result;
  }

 private:
  std::string name_;
  bool has_threads_;
  std::shared_ptr<Store> store_;
};

AnyStore any_store();

/// Seconds after a certain moment.
Time at(std::int64_t seconds);

/// Records it and waits for the answer.
Recorded record(Store& store, Delivery delivery);
Delivery delivery(std::string id, std::string body = "{}");

inline const RepoId kRepo{"github", "acme/infra"};
inline const PullId kPull{kRepo, 12};
inline const ChangeId kChange{kPull, {"prod/web", "default", ""}};
inline const StateKey kState{kRepo, {"prod/web", "default", ""}};

}  // namespace slipway::store
