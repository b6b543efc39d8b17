#include "bot/net/answer_reader.h"

#include "bot/net/header_name.h"

#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>

#include <algorithm>

namespace slipway::net {
namespace {

namespace http = boost::beast::http;
using boost::system::error_code;

/// What was only announced costs nothing yet.
constexpr std::uint64_t kMaxReserve = 1u << 20;

}  // namespace

struct AnswerReader::Parser final : http::basic_parser<false> {
  explicit Parser(const Expected& expected) {
    header_limit(kMaxAnswerHeader);
    body_limit(expected.max_body);
    eager(true);
    skip(expected.to_head);
  }

  HttpResponse response;
  bool has_header = false;

 private:
  using View = boost::beast::string_view;

  void on_response_impl(int code, View, int, error_code&) override { response.status = code; }
  void on_field_impl(http::field field, View name, View value, error_code& error) override {
    if (has_header) return;  // a trailer
    if (field == http::field::transfer_encoding &&
        !equal_names(std::string_view(value.data(), value.size()), "chunked"))
      error = http::error::bad_transfer_encoding;
    response.headers.emplace_back(name, value);
  }
  void on_header_impl(error_code&) override { has_header = true; }
  void on_body_init_impl(const boost::optional<std::uint64_t>& length, error_code&) override {
    if (length) response.body.reserve(std::min(*length, kMaxReserve));
  }
  std::size_t on_body_impl(View bytes, error_code&) override {
    response.body.append(bytes.data(), bytes.size());
    return bytes.size();
  }
  void on_chunk_header_impl(std::uint64_t, View, error_code&) override {}
  std::size_t on_chunk_body_impl(std::uint64_t, View bytes, error_code& error) override {
    return on_body_impl(bytes, error);
  }
  void on_finish_impl(error_code&) override {}
  void on_request_impl(http::verb, View, View, int, error_code&) override {}
};

AnswerReader::AnswerReader(const Expected& expected)
    : expected_(expected), parser_(std::make_unique<Parser>(expected)) {}

AnswerReader::~AnswerReader() = default;

std::size_t AnswerReader::take(std::string_view bytes) {
  std::size_t used = 0;
  while (used < bytes.size()) {
    state_ = State::Begun;
    error_code error;
    used += parser_->put({bytes.data() + used, bytes.size() - used}, error);
    // Beast sets no limit to chunk extensions and trailers.
    if (error == http::error::need_more && bytes.size() - used >= kMaxAnswerHeader)
      error = http::error::header_limit;
    if (error == http::error::need_more) return used;
    const bool is_interim = !error && parser_->is_done() && parser_->response.status / 100 == 1;
    if (is_interim && ++interims_ > kMaxInterimAnswers) error = http::error::bad_status;
    if (error) {
      state_ = error == http::error::body_limit ? State::TooLarge : State::Broken;
      objection_ = error.message();
      return used;
    }
    if (is_interim) {
      parser_ = std::make_unique<Parser>(expected_);
    } else if (parser_->is_done()) {
      state_ = State::Whole;
      return used;
    }
  }
  return used;
}

void AnswerReader::end() {
  error_code error = http::error::partial_message;
  if (parser_->got_some()) parser_->put_eof(error);
  state_ = error ? State::Broken : State::Whole;
  if (error) objection_ = error.message();
}

HttpResponse& AnswerReader::response() { return parser_->response; }

bool AnswerReader::keeps() const { return parser_->keep_alive(); }

}  // namespace slipway::net
