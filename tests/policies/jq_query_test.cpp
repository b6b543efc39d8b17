#include "core/failure.h"
#include "policies/engine.h"
#include "policies/jq_call.h"
#include "tests/policies/children.h"

#include <catch2/catch.hpp>

#include <fstream>

namespace slipway::policies {
namespace {

Result<std::vector<std::vector<Json>>> run(const std::string& program, const std::vector<Json>& inputs) {
  return make_query(children())->run(program, inputs, {});
}

/// What a program yields for null, or its error.
std::string said(const std::string& program) {
  const auto answers = run(program, {Json()});
  if (!answers) return "error: " + answers.error().text();
  return Json(answers->front()).dump();
}

TEST_CASE("a program yields its values for each input, in their order") {
  const auto answers =
      run(".a, (.b // empty)", {*parse_json(R"({"a":1,"b":"x\ny"})"), *parse_json(R"({"a":[2]})")});
  REQUIRE(answers);
  REQUIRE(answers->size() == 2);
  CHECK(Json((*answers)[0]).dump() == R"([1,"x\ny"])");
  CHECK(Json((*answers)[1]).dump() == "[[2]]");
}

TEST_CASE("a thousand inputs are one call, and no input is only compiled") {
  std::vector<Json> inputs;
  for (int i = 0; i < 1'000; ++i) inputs.push_back(Json::object({{"n", i}}));
  const auto answers = run(".n * 2", inputs);
  REQUIRE(answers);
  REQUIRE(answers->size() == 1'000);
  CHECK(answers->back().front() == Json(1'998));
  CHECK(run(".n", {})->empty());
  CHECK_FALSE(run(".n |", {}));
}

TEST_CASE("a program that doesn't compile says what and on which line") {
  CHECK(said("1 +\n2 | foo") == "error: line 2: foo/0 is not defined");
  CHECK(said("[1, 2") == "error: line 1: syntax error, unexpected $end");
  CHECK(said("$unset").find("is not defined") != std::string::npos);
  CHECK(said(std::string("1\0 2", 4)) == "error: a jq program has no null characters");
  CHECK(said(std::string(kMaxJqProgram + 1, '.')) == "error: the program is longer than 256 KiB");
}

TEST_CASE("a program that fails says why") {
  CHECK(said("1 + \"a\"") == "error: number (1) and string (\"a\") cannot be added");
  CHECK(said("error(\"no database today\")") == "error: no database today");
  CHECK(said("error({a: 1})") == R"(error: {"a":1})");
}

TEST_CASE("a program sees no environment") {
  CHECK(said("env") == "[{}]");
  CHECK(said("$ENV") == "[{}]");
  CHECK(said("$ENV.PATH, env.HOME") == "[null,null]");
}

TEST_CASE("a program learns nothing of where it runs") {
  CHECK(said("get_search_list") == "[[]]");
  CHECK(said("input_filename").find('/') == std::string::npos);
  CHECK(said("$__loc__").find(SLIPWAY_TEST_DIR) == std::string::npos);
}

#if !defined(__SANITIZE_ADDRESS__)  // with which the child must be able to open pipes
TEST_CASE("a program can open no file, not even one that is there") {
  const std::string data = SLIPWAY_TEST_DIR "/data";
  REQUIRE(std::ifstream(data + "/module.jq").good());
  REQUIRE(std::ifstream(data + "/two_machines.plan.json").good());
  const std::string search = "{search: \"" + data + "\"}";
  CHECK(said("import \"module\" as m " + search + "; m::answer").starts_with("error: "));
  CHECK(said("include \"module\" " + search + "; answer").starts_with("error: "));
  CHECK(said("import \"two_machines.plan\" as $data " + search + "; $data").starts_with("error: "));
}
#endif

TEST_CASE("a program that asks for more input, prints or stops early says nothing by that") {
  CHECK(said("[inputs]") == "[[]]");
  CHECK(said("input") == "error: it asks for more input than it judges");
  CHECK(said("1 | debug | stderr") == "[1]");
  CHECK(said("1, halt") == "error: it halts, so that it says nothing of what it should judge");
  CHECK(said("\"x\" | halt_error").starts_with("error: it halts"));
}

/// What ends a program that has no limits of its own.
std::string ended(const std::string& program, const JqLimits& limits = {}) {
  JqCall call;
  call.program = program;
  call.inputs = {Json()};
  call.limits = limits;
  const auto answers = run_jq(children(), call, {});
  REQUIRE_FALSE(answers);
  return answers.error().text();
}

TEST_CASE("a program that never ends is ended by the processor time it took") {
  CHECK(ended("def f: f; f", {.processor_seconds = 1}).find("more than 1 s of processor time") !=
        std::string::npos);
}

TEST_CASE("a program that takes long is ended by the clock") {
  CHECK(ended("def f: f; f", {.time = std::chrono::seconds(1)}) == "it ran longer than 1 s");
}

TEST_CASE("a program that yields without end is ended") {
  CHECK(ended("repeat(\"some more words\")", {.output = 1u << 20}) == "it yields more than 1 MiB");
}

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
TEST_CASE("a program that takes all memory is ended") {
  for (const std::string program :
       {"def f: \"x\" + f; f", "[range(1e9)]", "reduce range(40) as $i (\"01234567\"; . + .)"})
    CHECK(ended(program, {.memory = 200u << 20}) == "it needs more than 200 MiB of memory");
}
#endif

TEST_CASE("a value that nests too deep ends nothing but its program") {
  CHECK_FALSE(ended("reduce range(1000000) as $i (null; [.])").empty());
}

TEST_CASE("a document is read from its file") {
  JqCall call;
  call.program = ".resource_changes | length";
  call.document = SLIPWAY_TEST_DIR "/data/two_machines.plan.json";
  const auto answers = run_jq(children(), call, {});
  REQUIRE(answers);
  CHECK(answers->front().front() == Json(2));
  call.document = "/nowhere/plan.json";
  const auto missing = run_jq(children(), call, {});
  REQUIRE_FALSE(missing);
  CHECK(missing.error().text() == "cannot read /nowhere/plan.json: No such file or directory");
}

TEST_CASE("arguments are variables") {
  JqCall call;
  call.program = "$with.types[0], .";
  call.arguments = *parse_json(R"j({"with":{"types":["a\"b\\(1)"]}})j");
  call.inputs = {Json(7)};
  const auto answers = run_jq(children(), call, {});
  REQUIRE(answers);
  CHECK(Json(answers->front()).dump() == R"j(["a\"b\\(1)",7])j");
}

TEST_CASE("a stop ends the child") {
  std::stop_source stop;
  stop.request_stop();
  CHECK_THROWS_AS(make_query(children())->run("def f: f; f", {Json()}, stop.get_token()), Stopped);
}

}  // namespace
}  // namespace slipway::policies
