package main

import (
	"context"
	"path/filepath"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

type hciProvider struct{}

type providerModel struct {
	Directory types.String `tfsdk:"directory"`
}

func newProvider() provider.Provider { return &hciProvider{} }

func (*hciProvider) Metadata(_ context.Context, _ provider.MetadataRequest, response *provider.MetadataResponse) {
	response.TypeName = "hci"
	response.Version = "1.0.0"
}

func (*hciProvider) Schema(_ context.Context, _ provider.SchemaRequest, response *provider.SchemaResponse) {
	response.Schema = schema.Schema{
		Description: "A hyperconverged cluster that is a directory.",
		Attributes: map[string]schema.Attribute{
			"directory": schema.StringAttribute{
				Required:    true,
				Description: "Where the instances are: an absolute path; made when the first is created.",
			},
		},
	}
}

// Configure hands the depot to the resources. While a plan does not know the directory yet, they get none.
func (*hciProvider) Configure(ctx context.Context, request provider.ConfigureRequest, response *provider.ConfigureResponse) {
	var config providerModel
	response.Diagnostics.Append(request.Config.Get(ctx, &config)...)
	if response.Diagnostics.HasError() || config.Directory.IsUnknown() {
		return
	}
	if !filepath.IsAbs(config.Directory.ValueString()) {
		response.Diagnostics.AddAttributeError(path.Root("directory"), "The directory is relative",
			"The provider runs in a directory of Terraform's choice; write an absolute path.")
		return
	}
	response.ResourceData = &depot{directory: config.Directory.ValueString()}
}

func (*hciProvider) Resources(context.Context) []func() resource.Resource {
	return []func() resource.Resource{newInstanceResource}
}

func (*hciProvider) DataSources(context.Context) []func() datasource.DataSource { return nil }
