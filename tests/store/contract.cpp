#include "tests/store/contract.h"

#include "tests/store/temporary_dir.h"

#include <catch2/catch.hpp>

#include <future>

namespace slipway::store {
namespace {

/// On disk, in a directory that lives as long as the store.
std::shared_ptr<Store> sqlite_on_disk() {
  struct Held {
    TemporaryDir dir;
    std::unique_ptr<Store> store = open_sqlite(dir / "data");
  };
  const auto held = std::make_shared<Held>();
  return {held, held->store.get()};
}

}  // namespace

const std::vector<Implementation>& implementations() {
  static const std::vector<Implementation> kImplementations = {
      {"SQLite on disk", sqlite_on_disk},
      {"SQLite in memory", [] { return open_sqlite(":memory:"); }, false},
  };
  return kImplementations;
}

AnyStore any_store() {
  const auto index = GENERATE(range(std::size_t{0}, implementations().size()));
  return AnyStore(implementations()[index]);
}

Time at(std::int64_t seconds) { return from_millis((1'700'000'000 + seconds) * 1000); }

Recorded record(Store& store, Delivery delivery) {
  std::promise<Recorded> answer;
  store.record(std::move(delivery), [&](Recorded recorded) { answer.set_value(recorded); });
  return answer.get_future().get();
}

Delivery delivery(std::string id, std::string body) {
  return {.id = std::move(id),
          .forge = "github",
          .event = "pull_request",
          .headers = {{"x-github-event", "pull_request"}},
          .body = std::move(body),
          .received = at(0)};
}

}  // namespace slipway::store
