param([Parameter(Mandatory = $true)][string]$ConnectorName, [Parameter(Mandatory = $true)][string]$DistinguishedName)
. "$PSScriptRoot/adsync.ps1"
Write-EngineAnswer {
    $object = Find-CsObject -ConnectorName $ConnectorName -DistinguishedName $DistinguishedName
    if ($null -eq $object) { return @{ found = $false } }
    $rules = @{}
    foreach ($rule in Get-ADSyncRule) { $rules["$($rule.Name)"] = $rule }
    $attributes = @{}
    $lineage = foreach ($attribute in $object.Attributes) {
        $attributes["$($attribute.Name)"] = [object[]]@($attribute.Values | ForEach-Object { [string]$_ })
        $rule = $rules["$($attribute.SyncRuleName)"]
        if ($null -eq $rule) { continue }
        foreach ($mapping in $rule.AttributeFlowMappings) {
            if ("$($mapping.Destination)" -ne "$($attribute.Name)") { continue }
            @{
                attribute        = [string]$attribute.Name
                syncRuleName     = [string]$rule.Name
                flow             = $(if ("$($mapping.FlowType)" -eq 'Direct') { 'direct' } else { 'expression' })
                sourceAttributes = [object[]]@($mapping.Source | ForEach-Object { [string]$_ })
            }
        }
    }
    $exportError = $null
    if ($null -ne $object.ExportError) {
        $exportError = @{ errorCode = Format-Text $object.ExportError.ErrorCode; extraDetails = Format-Text $object.ExportError.ErrorExtraDetails }
    }
    @{
        found               = $true
        connectorName       = $ConnectorName
        distinguishedName   = [string]$object.DistinguishedName
        objectType          = "$($object.ObjectType)".ToLowerInvariant()
        attributes          = $attributes
        lineage             = [object[]]@($lineage | Where-Object { $null -ne $_ })
        connectedMvObjectId = $(if ("$($object.ConnectedMVObjectId)" -eq [guid]::Empty.ToString()) { $null } else { Format-Text $object.ConnectedMVObjectId })
        sourceAnchor        = Format-Text (Get-AnchorOfName $object.DistinguishedName)
        exportError         = $exportError
        lastImportedAt      = Format-Time $object.LastImportTime
        lastExportedAt      = Format-Time $object.LastExportTime
        blockOnPremisesSync = (@(Get-AttributeValues $object 'blockOnPremisesSync')[0] -eq 'true')
    }
}
