#include "core/failure.h"
#include "runner/runner.h"

#include <catch2/catch.hpp>

#include <csignal>
#include <future>
#include <thread>

using namespace slipway;
using namespace std::chrono_literals;

namespace {

ChildAnswer ask(ChildRequest request) { return runner::make_children()->ask(request, {}); }

}  // namespace

TEST_CASE("a child hears its input and its answer comes back whole") {
  const std::string text = std::string(3u << 20, 'a') + std::string("\0\n", 2) + "end";
  ChildRequest request;
  request.name = "echo";
  request.input = text;
  const ChildAnswer answer = ask(request);
  CHECK(answer.code == 0);
  CHECK(answer.output == text);
  CHECK(answer.errors.empty());
}

TEST_CASE("a child that doesn't listen still answers") {
  ChildRequest request;
  request.name = "deaf";
  request.input = std::string(1u << 20, 'a');
  CHECK(ask(request).code == 7);
}

TEST_CASE("the last of what a child complains is kept") {
  ChildRequest request;
  request.name = "complain";
  const ChildAnswer answer = ask(request);
  CHECK(answer.code == 3);
  CHECK(answer.errors.size() == 64u << 10);
  CHECK(answer.errors.ends_with("the end"));
}

TEST_CASE("a child that never ends is ended at its time limit") {
  ChildRequest request;
  request.name = "hang";
  request.time_limit = 100ms;
  const ChildAnswer answer = ask(request);
  CHECK(answer.timed_out);
  CHECK(answer.code == -1);
  CHECK(answer.signal == SIGKILL);
}

TEST_CASE("a child that answers too much is ended") {
  ChildRequest request;
  request.name = "chatter";
  request.max_output = 1000;
  const ChildAnswer answer = ask(request);
  CHECK(answer.too_much_output);
  CHECK(answer.output.size() == 1000);
}

TEST_CASE("a child that crashed says by which signal") {
  ChildRequest request;
  request.name = "crash";
  const ChildAnswer answer = ask(request);
  CHECK(answer.code == -1);
  CHECK(answer.signal == SIGSEGV);
}

TEST_CASE("a child has an empty environment") {
  ::setenv("SLIPWAY_TEST_SECRET", "leaked", 1);
  ChildRequest request;
  request.name = "environment";
  CHECK(ask(request).output.empty());
}

TEST_CASE("a stop ends a child and the wait for it") {
  std::stop_source stop;
  ChildRequest request;
  request.name = "hang";
  auto asked =
      std::async(std::launch::async, [&] { return runner::make_children()->ask(request, stop.get_token()); });
  stop.request_stop();
  CHECK_THROWS_AS(asked.get(), Stopped);
}

TEST_CASE("a child that computes too long is ended by its limit of CPU time") {
  ChildRequest request;
  request.name = "spin";
  request.cpu_seconds = 1;
  CHECK(ask(request).signal != 0);
}

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
TEST_CASE("a child gets no more memory than it may have") {
  ChildRequest request;
  request.name = "hoard";
  CHECK(ask(request).code == 0);
  request.memory_limit = 200u << 20;
  CHECK(ask(request).code != 0);
}
#endif

TEST_CASE("many threads start children at once") {
  std::vector<std::future<ChildAnswer>> answers;
  for (int i = 0; i < 8; ++i) {
    answers.push_back(std::async(std::launch::async, [i] {
      ChildRequest request;
      request.name = "echo";
      request.input = std::to_string(i);
      return ask(request);
    }));
  }
  for (int i = 0; i < 8; ++i) CHECK(answers[static_cast<std::size_t>(i)].get().output == std::to_string(i));
}
