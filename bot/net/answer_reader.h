#pragma once

#include "core/http_client.h"

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace slipway::net {

inline constexpr std::size_t kMaxAnswerHeader = 64u << 10;
inline constexpr int kMaxInterimAnswers = 8;  // 1xx before the answer

/// Makes one answer of bytes; knows no socket and no time. Interim answers are passed over.
class AnswerReader {
 public:
  struct Expected {
    bool to_head = false;  // an answer to HEAD has no body, whatever its header says
    std::size_t max_body = kMaxHttpResponse;
  };
  explicit AnswerReader(const Expected& expected);
  ~AnswerReader();

  enum class State { Untouched, Begun, Whole, Broken, TooLarge };
  State state() const { return state_; }
  /// How many of the bytes are used up; the others, and those that come, are to be given again.
  std::size_t take(std::string_view bytes);
  /// No further bytes come, by an orderly end: some answers end so.
  void end();

  /// Whole: the answer, and whether the connection may carry another one.
  HttpResponse& response();
  bool keeps() const;
  /// Broken: what is wrong with it.
  const std::string& objection() const { return objection_; }

 private:
  struct Parser;
  const Expected expected_;
  std::unique_ptr<Parser> parser_;
  State state_ = State::Untouched;
  int interims_ = 0;
  std::string objection_;
};

}  // namespace slipway::net
