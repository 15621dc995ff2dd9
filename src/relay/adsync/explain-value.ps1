param([Parameter(Mandatory = $true)][string]$SourceAnchor, [Parameter(Mandatory = $true)][string]$Attribute)
. "$PSScriptRoot/adsync.ps1"
Write-EngineAnswer {
    $object = Find-MvObject $SourceAnchor
    if ($null -eq $object) { return @{ found = $false } }
    $entra = Get-EntraConnector
    $rules = @(Get-ADSyncRule)
    $connectors = @{}
    foreach ($connector in Get-ADSyncConnector) { $connectors["$($connector.Name)"] = $connector }

    # Which metaverse attributes go out as the cloud attribute, and which rule and connector brought each of them in.
    $outbound = foreach ($rule in $rules) {
        if ("$($rule.Direction)" -ne 'Outbound' -or "$($rule.Connector)" -ne "$($entra.Identifier)") { continue }
        foreach ($mapping in $rule.AttributeFlowMappings) { if ("$($mapping.Destination)" -eq $Attribute) { $mapping } }
    }
    $contributions = foreach ($brought in $object.Attributes) {
        $leaving = @($outbound | Where-Object { "$($brought.Name)" -in @($_.Source | ForEach-Object { [string]$_ }) })
        if ($leaving.Count -eq 0) { continue }
        $rule = $rules | Where-Object { "$($_.Name)" -eq "$($brought.SyncRuleName)" -and "$($_.Direction)" -eq 'Inbound' } | ForEach-Object { $_ }
        $member = $object.Lineage | Where-Object { "$($_.ConnectorName)" -eq "$($brought.ConnectorName)" } | ForEach-Object { $_ }
        if ($null -eq $rule -or $null -eq $member) { continue }
        $source = Find-CsObject -ConnectorName $member.ConnectorName -DistinguishedName $member.ConnectedCsObjectDN
        foreach ($mapping in $rule.AttributeFlowMappings) {
            if ("$($mapping.Destination)" -ne "$($brought.Name)") { continue }
            $direct = "$($mapping.FlowType)" -eq 'Direct' -and @($leaving | Where-Object { "$($_.FlowType)" -eq 'Direct' }).Count -gt 0
            foreach ($from in $mapping.Source) {
                @{
                    connectorName       = [string]$member.ConnectorName
                    forest              = Get-Forest $connectors["$($member.ConnectorName)"]
                    adDistinguishedName = [string]$member.ConnectedCsObjectDN
                    adObjectGuid        = [string](Format-Guid (@(Get-AttributeValues $source 'objectGUID')[0]))
                    adAttribute         = [string]$from
                    syncRuleName        = [string]$rule.Name
                    flow                = $(if ($direct) { 'direct' } else { 'expression' })
                }
            }
        }
    }
    @{ found = $true; contributions = [object[]]@($contributions | Where-Object { $null -ne $_ }) }
}
