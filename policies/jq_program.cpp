#include "policies/jq_program.h"

#include "policies/jq_call.h"

#include <unistd.h>

#include <cstdarg>
#include <cstdint>
#include <cstdio>
#include <utility>
#include <vector>

extern "C" {
#include <jq.h>  // says nothing of C++ itself
}

namespace slipway::policies {
namespace {

std::string text_of(jv value) {
  if (jv_get_kind(value) != JV_KIND_STRING) value = jv_dump_string(value, 0);
  std::string out(jv_string_value(value), static_cast<std::size_t>(jv_string_length_bytes(jv_copy(value))));
  jv_free(value);
  return out;
}

/// jq's own words, without what they say to somebody at a shell: "jq: error: syntax error, unexpected '|'
/// (Unix shell quoting issues?) at <top-level>, line 3:" and the line itself.
ParseError compile_error(std::string text) {
  const auto cut = [&](std::string_view what) {
    if (const auto at = text.find(what); at != std::string::npos) text.erase(at, what.size());
  };
  cut("jq: error: ");
  cut("error: ");
  cut(" (Unix shell quoting issues?)");
  constexpr std::string_view kPlace = " at <top-level>, line ";
  std::string place;
  if (const auto at = text.find(kPlace); at != std::string::npos) {
    std::size_t digits = at + kPlace.size();
    while (digits < text.size() && text[digits] >= '0' && text[digits] <= '9') place += text[digits++];
    text.resize(at);
  }
  return {text.substr(0, text.find('\n')), place.empty() ? place : "line " + place};
}

void hear_error(void* errors, jv message) {
  static_cast<std::vector<std::string>*>(errors)->push_back(text_of(message));
}

/// jq would print its complaint and abort.
void out_of_memory(void*) { _exit(kJqOutOfMemory); }

// libjq 1.6 doesn't begin with these two empty: a program that says `input` would call whatever stood in
// memory.
jv no_more_input(jq_state*, void*) { return jv_invalid(); }
void ignore(void*, jv message) { jv_free(message); }

/// "break" is what `input` fails with where there is none.
std::string run_error(jv message) {
  std::string text = text_of(message);
  return text == "break" ? "it asks for more input than it judges" : text;
}

}  // namespace

struct JqProgram::State {
  State() : jq(jq_init()), parser(jv_parser_new(0)) {
    if (jq == nullptr || parser == nullptr) out_of_memory(nullptr);
    jq_set_nomem_handler(jq, out_of_memory, nullptr);
    jq_set_error_cb(jq, hear_error, &errors);
    jq_set_input_cb(jq, no_more_input, nullptr);
    jq_set_debug_cb(jq, ignore, nullptr);
    jq_set_attr(jq, jv_string("JQ_LIBRARY_PATH"), jv_array());
  }
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() {
    jv_parser_free(parser);
    jq_teardown(&jq);
  }

  Result<void> run(jv input, Write write);

  std::vector<std::string> errors;
  jq_state* jq;
  jv_parser* parser;
};

Result<void> JqProgram::State::run(jv input, Write write) {
  jq_start(jq, input, 0);
  write("[");
  bool first = true;
  for (;;) {
    jv value = jq_next(jq);
    if (!jv_is_valid(value)) {
      if (jq_halted(jq) != 0) {
        jv_free(value);
        return refuse("it halts, so that it says nothing of what it should judge");
      }
      if (jv_invalid_has_msg(jv_copy(value)) != 0) return refuse(run_error(jv_invalid_get_msg(value)));
      jv_free(value);
      write("]\n");
      return {};
    }
    if (!first) write(",");
    first = false;
    write(text_of(jv_dump_string(value, 0)));
  }
}

JqProgram::JqProgram(std::unique_ptr<State> state) : state_(std::move(state)) {}
JqProgram::JqProgram(JqProgram&&) noexcept = default;
JqProgram& JqProgram::operator=(JqProgram&&) noexcept = default;
JqProgram::~JqProgram() = default;

Result<JqProgram> JqProgram::compile(const std::string& text, const Json& arguments) {
  if (text.find('\0') != std::string::npos) return refuse("a jq program has no null characters");
  auto state = std::make_unique<State>();
  if (jq_compile_args(state->jq, text.c_str(), jv_parse(arguments.dump().c_str())) == 0) {
    return tl::unexpected(
        compile_error(state->errors.empty() ? "it does not compile" : state->errors.front()));
  }
  return JqProgram(std::move(state));
}

Result<void> JqProgram::feed(std::string_view piece, bool last, Write write) {
  jv_parser_set_buf(state_->parser, piece.data(), static_cast<int>(piece.size()), last ? 0 : 1);
  for (;;) {
    jv input = jv_parser_next(state_->parser);
    if (jv_is_valid(input)) {
      if (auto done = state_->run(input, write); !done) return done;
      continue;
    }
    if (jv_invalid_has_msg(jv_copy(input)) != 0)
      return refuse("its input is no JSON: " + text_of(jv_invalid_get_msg(input)));
    jv_free(input);
    return {};
  }
}

}  // namespace slipway::policies
