#include "core/json.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <istream>
#include <streambuf>

namespace slipway {
namespace {

/// Hears nlohmann and tells JsonEvents; counts the depth; keeps the error.
class Hearer final : public nlohmann::json_sax<nlohmann::json> {
 public:
  explicit Hearer(JsonEvents& events) : events_(events) {}

  bool null() override { return go(events_.null()); }
  bool boolean(bool value) override { return go(events_.boolean(value)); }
  bool number_integer(number_integer_t value) override { return go(events_.number(std::to_string(value))); }
  bool number_unsigned(number_unsigned_t value) override { return go(events_.number(std::to_string(value))); }
  bool number_float(number_float_t, const string_t& text) override { return go(events_.number(text)); }
  bool string(string_t& value) override { return go(events_.string(std::move(value))); }
  bool binary(binary_t&) override { return false; }
  bool key(string_t& value) override { return go(events_.key(std::move(value))); }
  bool start_object(std::size_t) override { return deeper() && go(events_.begin_object()); }
  bool end_object() override {
    --depth_;
    return go(events_.end_object());
  }
  bool start_array(std::size_t) override { return deeper() && go(events_.begin_array()); }
  bool end_array() override {
    --depth_;
    return go(events_.end_array());
  }
  bool parse_error(std::size_t position, const std::string&,
                   const nlohmann::detail::exception& error) override {
    // "[json.exception.parse_error.101] parse error at line 1, column 2: …": the tail is what a person can
    // use.
    std::string text = error.what();
    if (const auto at = text.find("] "); at != std::string::npos) text = text.substr(at + 2);
    error_ = {text, fmt::format("byte {}", position)};
    failed_ = true;
    return false;
  }

  bool ended() const { return ended_; }
  bool failed() const { return failed_; }
  const ParseError& error() const { return error_; }

 private:
  bool deeper() {
    if (++depth_ <= kMaxJsonDepth) return true;
    error_ = {fmt::format("the document nests deeper than {}", kMaxJsonDepth), {}};
    failed_ = true;
    return false;
  }
  bool go(bool on) {
    if (!on) ended_ = true;
    return on;
  }

  JsonEvents& events_;
  std::size_t depth_ = 0;
  bool ended_ = false;
  bool failed_ = false;
  ParseError error_;
};

class SourceBuffer final : public std::streambuf {
 public:
  explicit SourceBuffer(const JsonSource& source) : source_(source) {}

 protected:
  int_type underflow() override {
    const std::string_view piece = source_();
    if (piece.empty()) return traits_type::eof();
    char* const begin = const_cast<char*>(piece.data());  // streambuf's interface; never written to
    setg(begin, begin, begin + piece.size());
    return traits_type::to_int_type(*begin);
  }

 private:
  const JsonSource& source_;
};

template <class Input>
Result<void> run(Input&& input, JsonEvents& events) {
  Hearer hearer(events);
  nlohmann::json::sax_parse(std::forward<Input>(input), &hearer);
  if (hearer.failed()) return tl::unexpected(hearer.error());
  return {};
}

bool needs_no_escape(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return c >= 0x20 && c < 0x7f && c != '"' && c != '\\'; });
}

void write_string(std::string& out, const std::string& value) {
  if (needs_no_escape(value)) {
    out += '"';
    out += value;
    out += '"';
  } else {
    out += nlohmann::json(value).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  }
}

class Writer {
 public:
  Writer(std::string& out, int indent) : out_(out), indent_(indent) {}

  void write(const Json& json) {
    if (json.is_null()) {
      out_ += "null";
    } else if (json.is_bool()) {
      out_ += json.boolean() ? "true" : "false";
    } else if (json.is_number()) {
      out_ += json.number().text;
    } else if (json.is_string()) {
      write_string(out_, json.string());
    } else if (json.is_array()) {
      list('[', ']', json.array_items(), [&](const Json& item) { write(item); });
    } else {
      list('{', '}', json.object_members(), [&](const auto& member) {
        write_string(out_, member.first);
        out_ += indent_ > 0 ? ": " : ":";
        write(member.second);
      });
    }
  }

 private:
  template <class Items, class WriteItem>
  void list(char open, char close, const Items& items, WriteItem&& write_item) {
    out_ += open;
    if (!items.empty()) {
      ++depth_;
      bool first = true;
      for (const auto& item : items) {
        if (!first) out_ += ',';
        first = false;
        line();
        write_item(item);
      }
      --depth_;
      line();
    }
    out_ += close;
  }
  void line() {
    if (indent_ == 0) return;
    out_ += '\n';
    out_.append(static_cast<std::size_t>(indent_) * static_cast<std::size_t>(depth_), ' ');
  }

  std::string& out_;
  int indent_;
  int depth_ = 0;
};

}  // namespace

Json Json::object(std::initializer_list<std::pair<const std::string, Json>> members) {
  return Json(Object(members));
}

Json& Json::operator[](std::string_view key) {
  if (is_null()) value_ = Object{};
  auto& members = object_members();
  const auto found = members.find(key);
  return found != members.end() ? found->second : members.emplace(std::string(key), Json()).first->second;
}

void Json::push_back(Json item) {
  if (is_null()) value_ = Array{};
  array_items().push_back(std::move(item));
}

const Json* Json::find(std::string_view key) const {
  if (!is_object()) return nullptr;
  const auto found = object_members().find(key);
  return found == object_members().end() ? nullptr : &found->second;
}

std::size_t Json::size() const {
  if (is_array()) return array_items().size();
  return is_object() ? object_members().size() : 0;
}

std::string Json::dump() const {
  std::string out;
  Writer(out, 0).write(*this);
  return out;
}

std::string Json::pretty() const {
  std::string out;
  Writer(out, 2).write(*this);
  return out;
}

Result<void> stream_json(const JsonSource& source, JsonEvents& events) {
  SourceBuffer buffer(source);
  std::istream in(&buffer);
  return run(in, events);
}

Result<void> stream_json(std::string_view text, JsonEvents& events) { return run(text, events); }

Result<Json> parse_json(std::string_view text) {
  JsonBuilder builder;
  if (auto done = stream_json(text, builder); !done) return tl::unexpected(done.error());
  return builder.take();
}

bool JsonBuilder::key(std::string&& name) {
  keys_.push_back(std::move(name));
  return true;
}

bool JsonBuilder::begin_object() {
  open_.push_back(place(Json(Json::Object{})));
  return true;
}

bool JsonBuilder::begin_array() {
  open_.push_back(place(Json(Json::Array{})));
  return true;
}

bool JsonBuilder::end_object() {
  open_.pop_back();
  done_ = open_.empty();
  return true;
}

bool JsonBuilder::end_array() { return end_object(); }

Json JsonBuilder::take() {
  done_ = false;
  return std::exchange(root_, Json());
}

bool JsonBuilder::add(Json value) {
  place(std::move(value));
  done_ = open_.empty();
  return true;
}

Json* JsonBuilder::place(Json value) {
  if (open_.empty()) {
    root_ = std::move(value);
    return &root_;
  }
  Json& parent = *open_.back();
  if (parent.is_array()) {
    parent.array_items().push_back(std::move(value));
    return &parent.array_items().back();
  }
  Json& slot = parent[keys_.back()];
  keys_.pop_back();
  slot = std::move(value);
  return &slot;
}

}  // namespace slipway
