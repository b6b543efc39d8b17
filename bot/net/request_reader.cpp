#include "bot/net/request_reader.h"

#include "bot/net/answer.h"
#include "bot/net/header_name.h"
#include "bot/net/target.h"

#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>
#include <fmt/format.h>

#include <algorithm>

namespace slipway::net {
namespace {

namespace http = boost::beast::http;
using boost::system::error_code;

/// What was only announced costs nothing yet.
constexpr std::uint64_t kMaxReserve = 1u << 20;

Response refusal_of(error_code error, const Limits& limits) {
  if (error == http::error::body_limit)
    return Response::text(413, fmt::format("A body may have {} bytes.\n", limits.max_body));
  if (error == http::error::header_limit)
    return Response::text(431, fmt::format("A header may have {} bytes.\n", limits.max_header));
  return Response::text(400, "This is not HTTP as it should be: " + error.message() + ".\n");
}

}  // namespace

/// Fills a Request as the bytes come.
struct RequestReader::Parser final : http::basic_parser<true> {
  Parser(const Limits& its_limits, const Router& its_router)
      : limits(its_limits), router(its_router), room_(its_limits.max_header) {
    header_limit(static_cast<std::uint32_t>(limits.max_header));
    body_limit(limits.max_body);
    eager(true);
  }

  std::size_t take(std::string_view bytes) {
    error_code error;
    const std::size_t used = put({bytes.data(), bytes.size()}, error);
    // Beast sets no limit to chunk extensions and trailers.
    if (error == http::error::need_more && bytes.size() - used >= limits.max_header)
      error = http::error::header_limit;
    if (error && error != http::error::need_more) {
      refuse(refusal_of(error, limits));
    } else {
      asked.is_whole = is_done();
      asked.keeps = is_done() && keep_alive() && !asked.is_at_fault;
    }
    return used;
  }

  void refuse(Response response) {
    asked.is_at_fault = true;
    asked.keeps = false;  // nobody knows where the next request begins
    asked.refusal = std::move(response);
  }

  const Limits& limits;
  const Router& router;
  Asked asked;

 private:
  using View = boost::beast::string_view;

  void take_room(std::size_t bytes, error_code& error) {
    if (bytes > room_) error = http::error::header_limit;
    room_ -= std::min(bytes, room_);
  }

  void on_request_impl(http::verb, View method, View where, int version, error_code& error) override {
    asked.request.method.assign(method.data(), method.size());
    asked.is_head = asked.request.method == "HEAD";
    asked.is_old = version < 11;
    target_.assign(where.data(), where.size());
    take_room(method.size() + where.size(), error);
  }

  void on_field_impl(http::field field, View name, View value, error_code& error) override {
    take_room(name.size() + value.size() + 4, error);
    if (asked.has_header || error) return;  // a trailer must not become a header afterwards
    if (field == http::field::host) ++hosts_;
    if (field == http::field::expect)
      asked.waits = equal_names(std::string_view(value.data(), value.size()), "100-continue");
    // Beast ignores an encoding that it does not know: the body would be read as the next request.
    if (field == http::field::transfer_encoding &&
        (asked.is_old || !equal_names(std::string_view(value.data(), value.size()), "chunked")))
      is_encoded_ = true;
    std::string key(name.data(), name.size());
    for (char& c : key) c = lower(c);
    const auto [place, is_new] =
        asked.request.headers.try_emplace(std::move(key), value.data(), value.size());
    if (!is_new) place->second.append(", ").append(value.data(), value.size());
  }

  void on_header_impl(error_code& error) override {
    asked.has_header = true;
    if (hosts_ > 1 || (hosts_ == 0 && !asked.is_old)) {
      error = http::error::bad_field;
    } else if (is_encoded_) {
      refuse(Response::text(501, "Of the transfer encodings only chunked is known.\n"));
    } else {
      find_route();
    }
  }

  void find_route() {
    auto where = net::parse_target(target_);
    if (!where) return refuse(Response::text(400, "Bad request: " + where.error().text() + ".\n"));
    auto match = router.find(asked.request.method, where->raw_path);
    asked.route = match.route;
    if (match.route == nullptr) asked.refusal = not_found(match);
    asked.request.path = std::move(where->path);
    asked.request.query = std::move(where->query);
    asked.request.parameters = std::move(match.parameters);
  }

  void on_body_init_impl(const boost::optional<std::uint64_t>& length, error_code&) override {
    if (length) asked.request.body.reserve(std::min(*length, kMaxReserve));
  }
  std::size_t on_body_impl(View bytes, error_code&) override {
    asked.request.body.append(bytes.data(), bytes.size());
    return bytes.size();
  }
  void on_chunk_header_impl(std::uint64_t, View, error_code&) override {}
  std::size_t on_chunk_body_impl(std::uint64_t, View bytes, error_code& error) override {
    return on_body_impl(bytes, error);
  }
  void on_finish_impl(error_code&) override {}
  void on_response_impl(int, View, int, error_code&) override {}

  std::string target_;
  std::size_t room_;  // what is left of the header's limit
  int hosts_ = 0;
  bool is_encoded_ = false;
};

RequestReader::RequestReader(const Limits& limits, const Router& router)
    : limits_(limits), router_(router), parser_(std::make_unique<std::optional<Parser>>()) {
  begin();
}

RequestReader::~RequestReader() = default;

void RequestReader::begin() { parser_->emplace(limits_, router_); }

std::size_t RequestReader::take(std::string_view bytes) { return (*parser_)->take(bytes); }

Asked& RequestReader::asked() { return (*parser_)->asked; }

}  // namespace slipway::net
