#pragma once

#include "bot/net/limits.h"
#include "bot/net/router.h"

#include <memory>
#include <optional>
#include <string_view>

namespace slipway::net {

/// One request as far as it has come.
struct Asked {
  Request request;
  const Route* route = nullptr;     // known when the header is there
  std::optional<Response> refusal;  // why it will not be handled: it may be answered at once
  bool has_header = false;
  bool is_whole = false;
  bool is_at_fault = false;  // refused for what it is, not for where it goes
  bool is_old = false;       // HTTP/1.0
  bool is_head = false;      // the answer has no body
  bool keeps = false;        // the client wants to go on with this connection
  bool waits = false;        // for "100 Continue"
};

/// Makes requests of bytes and finds their routes; knows no socket and no time. Refuses what proxies and
/// servers have read differently before (request smuggling), and what is over a limit as soon as that is
/// known.
class RequestReader {
 public:
  RequestReader(const Limits& limits, const Router& router);
  ~RequestReader();

  /// For the next request. The last one is forgotten.
  void begin();
  /// How many of the bytes are used up; the others, and those that come, are to be given again.
  std::size_t take(std::string_view bytes);
  Asked& asked();

 private:
  struct Parser;
  const Limits limits_;
  const Router& router_;
  const std::unique_ptr<std::optional<Parser>> parser_;
};

}  // namespace slipway::net
