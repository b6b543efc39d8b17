#include "templates/page.h"

#include "core/failure.h"
#include "templates/embedded_words.h"

#include <fmt/format.h>
#include <kainjow/mustache.hpp>

namespace slipway::templates {
namespace {

using kainjow::mustache::data;
using kainjow::mustache::mustache;

data convert(const Json& json) {
  if (json.is_bool()) return data(json.boolean());
  if (json.is_number()) return data(json.number().text);
  if (json.is_string()) return data(json.string());
  if (json.is_array()) {
    data list(data::type::list);
    for (const Json& item : json.array_items()) list.push_back(convert(item));
    return list;
  }
  if (json.is_object()) {
    data object(data::type::object);
    for (const auto& [name, member] : json.object_members()) object.set(name, convert(member));
    return object;
  }
  return data(false);
}

std::string render(std::string_view file, const data& values) {
  mustache view{std::string(asset(file))};
  if (!view.is_valid())
    throw Failure(fmt::format("the page {} is no Mustache: {}", file, view.error_message()));
  return view.render(values);
}

}  // namespace

std::string_view asset(std::string_view name) {
  for (const EmbeddedWords& file : embedded_pages())
    if (file.name == name) return file.text;
  throw Failure(fmt::format("there is no page file {}", name));
}

std::string page(std::string_view name, const Json& values) {
  Json framed = values;
  framed["body"] = render(fmt::format("{}.html", name), convert(values));
  return render("frame.html", convert(framed));
}

}  // namespace slipway::templates
