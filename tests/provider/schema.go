package main

import (
	"context"
	"fmt"
	"regexp"

	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/int64default"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

func instanceSchema() schema.Schema {
	replaces := []planmodifier.String{stringplanmodifier.RequiresReplace()}
	stays := []planmodifier.String{stringplanmodifier.UseStateForUnknown()}
	return schema.Schema{
		Description: "A virtual machine of the cluster.",
		Attributes: map[string]schema.Attribute{
			"id":         schema.StringAttribute{Computed: true, PlanModifiers: stays},
			"name":       schema.StringAttribute{Required: true, PlanModifiers: replaces, Validators: []validator.String{hostName{}}},
			"image":      schema.StringAttribute{Required: true, PlanModifiers: replaces},
			"cpus":       schema.Int64Attribute{Optional: true, Computed: true, Default: int64default.StaticInt64(2)},
			"ip_address": schema.StringAttribute{Computed: true, PlanModifiers: stays},
			"automation": schema.SingleNestedAttribute{
				Optional:    true,
				Description: "What the automation tool is to know.",
				Attributes: map[string]schema.Attribute{
					"groups":    schema.ListAttribute{Optional: true, ElementType: types.StringType},
					"variables": schema.MapAttribute{Optional: true, ElementType: types.StringType},
				},
			},
			"monitoring": schema.SingleNestedAttribute{
				Optional:    true,
				Description: "What the monitoring tool is to scrape.",
				Attributes: map[string]schema.Attribute{
					"exporters": schema.ListNestedAttribute{
						Optional: true,
						NestedObject: schema.NestedAttributeObject{
							Attributes: map[string]schema.Attribute{
								"port":         schema.Int64Attribute{Required: true},
								"job":          schema.StringAttribute{Required: true},
								"labels":       schema.MapAttribute{Optional: true, ElementType: types.StringType},
								"scheme":       schema.StringAttribute{Optional: true},
								"metrics_path": schema.StringAttribute{Optional: true},
							},
						},
					},
					"labels": schema.MapAttribute{Optional: true, ElementType: types.StringType},
				},
			},
			"root_password": schema.StringAttribute{Optional: true, Sensitive: true},
			"fail_on": schema.StringAttribute{
				Optional:    true,
				Description: "The step that fails: create, create_late (after it was made), read, update or delete.",
			},
			"slow_ms": schema.Int64Attribute{Optional: true, Description: "How long each step takes."},
		},
	}
}

// A hostName is also a file's name in the depot, so nothing else may pass.
type hostName struct{}

var hostNamePattern = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$`)

func (hostName) Description(context.Context) string {
	return "a host name of lower-case letters, digits and hyphens"
}

func (h hostName) MarkdownDescription(ctx context.Context) string { return h.Description(ctx) }

func (h hostName) ValidateString(ctx context.Context, request validator.StringRequest, response *validator.StringResponse) {
	value := request.ConfigValue
	if !value.IsNull() && !value.IsUnknown() && !hostNamePattern.MatchString(value.ValueString()) {
		response.Diagnostics.AddAttributeError(request.Path, "Not a host name",
			fmt.Sprintf("%q is not %s.", value.ValueString(), h.Description(ctx)))
	}
}
