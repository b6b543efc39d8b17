#include "store/sqlite/turns.h"

#include <catch2/catch.hpp>

#include <atomic>
#include <future>
#include <thread>
#include <vector>

using namespace slipway::store;
using namespace std::chrono_literals;

TEST_CASE("one has the turn, and who can't wait goes without") {
  Turns turns;
  {
    const Turns::Turn mine = turns.wait();
    CHECK_FALSE(std::async(std::launch::async, [&] { return turns.wait(1ms).has_value(); }).get());
  }
  CHECK(turns.wait(1ms));
}

TEST_CASE("turns are given in the order they were asked for") {
  Turns turns;
  std::vector<int> order;
  std::vector<std::thread> threads;
  {
    const Turns::Turn first = turns.wait();
    for (int i = 0; i < 5; ++i) {
      threads.emplace_back([&, i] {
        const Turns::Turn mine = turns.wait();
        order.push_back(i);
      });
      while (turns.waiting() != static_cast<std::size_t>(i) + 1) std::this_thread::yield();
    }
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(order == std::vector<int>{0, 1, 2, 3, 4});
}

TEST_CASE("who gives up waiting holds nobody up") {
  Turns turns;
  std::future<bool> patient;
  {
    const Turns::Turn mine = turns.wait();
    auto impatient = std::async(std::launch::async, [&] { return turns.wait(100ms).has_value(); });
    // On a busy machine it may have given up before anybody saw it in the line.
    while (turns.waiting() != 1 && impatient.wait_for(0s) != std::future_status::ready)
      std::this_thread::yield();
    patient = std::async(std::launch::async, [&] { return turns.wait(60s).has_value(); });
    CHECK_FALSE(impatient.get());
  }
  CHECK(patient.get());
}
