#pragma once

#include "core/traits.h"
#include "templates/document.h"

#include <string>

namespace slipway::templates {

/// Markdown as forges draw it (GitHub's dialect). A forge without alerts, folding or diff colours gets a
/// quotation, a bold line, "~" for "!".
std::string markdown(const Document& document, const Traits& traits);
/// One block, as it stands in a document: documents are their blocks with an empty line between.
std::string markdown(const Block& block, const Traits& traits);
std::string markdown(const Inline& text);

}  // namespace slipway::templates
